"""The container files, tested as far as possible without a container engine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from ruamel.yaml import YAML
from sqlalchemy.engine import make_url

from app.cli import setting_name
from app.database.embedded import ROLES, EmbeddedCluster, running_cluster
from app.database.embedded.installation import EXTENSIONS
from app.settings import PROJECT_DIRECTORY, Settings
from tests.database.cluster_programs import fresh_directory, remove

COMPOSE = PROJECT_DIRECTORY / "docker-compose.yml"
DOCKERFILE = PROJECT_DIRECTORY / "Dockerfile"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    loaded = YAML(typ="safe").load(COMPOSE.read_text("utf-8"))
    assert isinstance(loaded, dict)
    services = loaded["services"]
    assert isinstance(services, dict)
    return services


def test_compose_file_matches_schema() -> None:
    schema = ["--builtin-schema", "vendor.compose-spec"]
    subprocess.run([sys.executable, "-m", "check_jsonschema", *schema, COMPOSE], check=True)


def test_compose_file_contains_no_secret(services: dict[str, Any]) -> None:
    for name, service in services.items():
        for variable, value in service.get("environment", {}).items():
            if "PASSWORD" in variable:
                assert re.fullmatch(r"\$\{\w+_PASSWORD:\?.+\}", value), (name, variable)
            elif variable.startswith("DATABASE"):
                assert re.fullmatch(r"\$\{\w+_PASSWORD\}", str(make_url(value).password)), (name, variable)


def test_each_service_uses_its_database_role(services: dict[str, Any]) -> None:
    def role(service: str, variable: str) -> str | None:
        return make_url(services[service]["environment"][variable]).username

    assert role("app", "DATABASE_URL") == role("migrate", "DATABASE_URL") == "frontline_app"
    assert role("app", "DATABASE_PUBLIC_URL") == "frontline_public"
    assert role("migrate", "DATABASE_OWNER_URL") == "frontline_owner"
    assert "DATABASE_OWNER_URL" not in services["app"]["environment"], "the server may not change the schema"


def test_compose_settings_exist_in_application(services: dict[str, Any]) -> None:
    known = {setting_name(field) for field in Settings.model_fields}
    given = services["app"]["environment"].keys() | services["migrate"]["environment"].keys()
    assert given <= known
    assert set(re.findall(r"\b(FRONTLINE_\w+|HOST|PORT)=", DOCKERFILE.read_text("utf-8"))) <= known


def test_services_have_dependencies_and_health_checks(services: dict[str, Any]) -> None:
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert services["app"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    for name in ("database", "app"):
        assert services[name]["healthcheck"]["test"]


def test_images_are_pinned(services: dict[str, Any]) -> None:
    assert re.search(r"postgis/postgis:1[5-9]-3\.\d", services["database"]["image"])
    for image in re.findall(r"^FROM (\S+)", DOCKERFILE.read_text("utf-8"), re.MULTILINE):
        assert re.search(r":\d", image), image


def test_mounted_and_copied_paths_exist_and_are_not_ignored(services: dict[str, Any]) -> None:
    mounted = [volume.split(":")[0] for volume in services["database"]["volumes"] if volume.startswith(".")]
    assert [os.access(PROJECT_DIRECTORY / path, os.X_OK) for path in mounted] == [True]
    allowed = {
        line[1:] for line in (PROJECT_DIRECTORY / ".dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"
    }
    copied = {
        source
        for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE.read_text("utf-8"), re.MULTILINE)
        for source in sources.split()
    }
    assert copied == allowed
    assert all((PROJECT_DIRECTORY / source).exists() for source in copied)


@pytest.fixture
def empty_cluster() -> Iterator[EmbeddedCluster]:
    """A private cluster without Frontline's roles and database, like the image's empty cluster."""
    directory = fresh_directory()
    with running_cluster(directory, for_tests=True) as empty_cluster:
        host = str(empty_cluster.socket_directory)
        with psycopg.connect(host=host, user="postgres", autocommit=True) as connection:
            connection.execute("DROP DATABASE frontline")
            for role in ROLES:
                connection.execute(f"DROP ROLE {role}".encode())
        yield empty_cluster
    remove(directory)


def test_init_script_creates_the_database(empty_cluster: EmbeddedCluster) -> None:
    host = str(empty_cluster.socket_directory)
    passwords = {f"{role.upper()}_PASSWORD": f"it's {role}" for role in ROLES}
    subprocess.run(
        [PROJECT_DIRECTORY / "docker" / "make-database.sh"],
        env={"PATH": f"{empty_cluster.bin_directory}:{os.environ['PATH']}", "PGHOST": host} | passwords,
        check=True,
    )
    with psycopg.connect(host=host, user="postgres", dbname="frontline") as connection:
        made = connection.execute("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'").fetchall()
        assert {name for (name,) in made} == set(EXTENSIONS)
        assert connection.execute(
            "SELECT count(*) FROM pg_authid WHERE rolname = ANY(%s) AND rolcanlogin AND rolpassword LIKE 'SCRAM%%'",
            [list(ROLES)],
        ).fetchone() == (3,)
        assert connection.execute(
            "SELECT pg_get_userbyid(datdba), datcollate, datacl::text FROM pg_database WHERE datname = 'frontline'"
        ).fetchone() == (
            "frontline_owner",
            "C.UTF-8",
            "{frontline_owner=CTc/frontline_owner,frontline_app=Tc/frontline_owner,frontline_public=c/frontline_owner}",
        )
        assert connection.execute("SELECT pg_has_role('frontline_app', 'frontline_public', 'MEMBER')").fetchone()
