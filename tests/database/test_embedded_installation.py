"""Chooses a PostgreSQL among folders of fake programs that answer like real ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.database.embedded import EmbeddedDatabaseError
from app.database.embedded.account import current_account
from app.database.embedded.installation import EXTENSIONS, choose_installation, find_installations

Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """A machine without PostgreSQL, and a function that adds one to the PATH."""
    monkeypatch.setattr("app.database.embedded.installation._FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    path = [str(tmp_path / "bin")]

    def install(version: str, *, postgis: str | None = "3.4.1", without: str = "", on_path: bool = True) -> Path:
        home = tmp_path / f"postgresql-{version}"
        binaries, extensions = home / "bin", home / "share" / "extension"
        binaries.mkdir(parents=True)
        extensions.mkdir(parents=True)
        for program in ("initdb", "pg_ctl", "postgres"):
            answer = f"VERSION={version} (Debian)\nshare_path={home}/share\n"
            (binaries / program).write_text(f"#!/bin/sh\nprintf '%s' '{answer}' >&2\n")
            (binaries / program).chmod(0o755)
        for extension in EXTENSIONS:
            if extension != without and (extension != "postgis" or postgis):
                control = f"comment = 'x'\ndefault_version = '{postgis if extension == 'postgis' else '1.0'}'\n"
                (extensions / f"{extension}.control").write_text(control)
        if on_path:
            path.append(str(binaries))
            monkeypatch.setenv("PATH", ":".join(path))
        return binaries

    return install


def test_the_newest_that_has_all_is_chosen(install: Install) -> None:
    install("15.18")
    newest = install("17.2")
    install("18beta1", postgis=None)
    chosen = choose_installation(current_account(), cluster_major=None)
    assert (chosen.major, chosen.version, chosen.bin_directory) == (17, "17.2", newest)


def test_an_existing_cluster_is_opened_by_its_own_version(install: Install) -> None:
    older = install("16.4")
    install("17.2")
    assert choose_installation(current_account(), cluster_major=16).bin_directory == older


def test_a_cluster_of_a_version_that_is_not_installed(install: Install) -> None:
    install("16.4")
    with pytest.raises(
        EmbeddedDatabaseError, match=r"PostgreSQL 15, .*installed: PostgreSQL 16\.4.*postgresql-15-postgis"
    ):
        choose_installation(current_account(), cluster_major=15)


def test_a_cluster_whose_version_has_lost_its_postgis(install: Install) -> None:
    install("16.4", postgis=None)
    install("17.2")
    with pytest.raises(EmbeddedDatabaseError, match=r"PostgreSQL 16\.4 .* which the database needs, lacks PostGIS"):
        choose_installation(current_account(), cluster_major=16)


def test_no_postgresql_at_all(install: Install) -> None:
    with pytest.raises(EmbeddedDatabaseError, match=r"No PostgreSQL server was found.*apt install postgresql"):
        choose_installation(current_account(), cluster_major=None)


@pytest.mark.parametrize(
    ("version", "with_", "reason"),
    [
        ("14.9", {}, r"14\.9 .* is too old \(Frontline needs 15"),
        ("16.4", {"postgis": None}, "lacks PostGIS"),
        ("16.4", {"postgis": "3.2.1"}, r"has PostGIS 3\.2 \(Frontline needs 3\.3"),
        ("16.4", {"postgis": "unknown"}, "has PostGIS an unknown version"),
        ("16.4", {"without": "btree_gist"}, "lacks btree_gist"),
    ],
)
def test_an_unsuitable_one_is_named_with_the_reason(
    install: Install, version: str, with_: dict[str, str | None], reason: str
) -> None:
    install(version, **with_)
    with pytest.raises(EmbeddedDatabaseError, match=reason):
        choose_installation(current_account(), cluster_major=None)


def test_pg_config_tells_of_a_folder_that_is_not_on_the_path(install: Install, tmp_path: Path) -> None:
    hidden = install("16.4", on_path=False)
    pg_config = tmp_path / "bin" / "pg_config"
    pg_config.parent.mkdir()
    pg_config.write_text(f"#!/bin/sh\necho '{hidden}'\n")
    pg_config.chmod(0o755)
    assert [one.bin_directory for one in find_installations(current_account())] == [hidden]


def test_a_folder_is_looked_into_once_and_one_that_does_not_answer_is_passed_over(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = install("16.4")
    silent = install("17.0")
    (silent / "initdb").write_text("#!/bin/sh\nexit 1\n")
    alias = tmp_path / "alias"
    alias.symlink_to(real)
    monkeypatch.setenv("PATH", f"{real}:{alias}:{silent}:{tmp_path / 'nowhere'}")
    assert [one.version for one in find_installations(current_account())] == ["16.4"]
