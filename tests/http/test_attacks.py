"""A short form of `make attack`: a reader is answered beside each attack."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from bench.attacks import ATTACKS, Target, attacking, read_for, reader_paths
from tests.conftest import bring_columns_up_to_date, cloned, load_demo_into, make_settings, serving

if TYPE_CHECKING:
    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre

SCALE = 0.25


@pytest.fixture(scope="module")
def url(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A server of its own: the attacks leave submissions, and use up rate limits."""
    settings = make_settings(tmp_path_factory.mktemp("attacked"))
    with cloned(cluster, template) as urls:
        load_demo_into(urls, theatre)
        with serving(urls, theatre, settings) as served:
            bring_columns_up_to_date(served, theatre)
            yield served.url


@pytest.fixture
def target(url: str) -> Iterator[Target]:
    with contextlib.closing(Target(url, SCALE)) as target:
        yield target


@pytest.mark.parametrize("name", ATTACKS)
def test_reader_is_answered_beside_an_attack(name: str, target: Target) -> None:
    async def run() -> list[int]:
        paths = [*await reader_paths(target.base), "/livez", "/readyz"]
        async with attacking(ATTACKS[name], target):
            reading = await read_for(target.base, paths, seconds=0.5, per_second=2 * len(paths))
        return [status for status, _ in reading.responses]

    assert asyncio.run(run()) == [200] * 8
