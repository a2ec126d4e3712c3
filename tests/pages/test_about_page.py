"""The page about this map: the definitions of statuses, for each assessor."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.exchange.territory.deepstate import DEEPSTATE, DEEPSTATE_DAILY
from app.exchange.territory.isw import ISW
from app.models import Assessment, Assessor
from app.models.control_area import AREA_STATUSES
from app.pages.status_words import GENERAL_MEANINGS, STATUS_NAMES, status_meaning

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.builders import Builder


def add_assessor(build: Builder, slug: str, covers: list[str]) -> None:
    """Inserts an assessor with one assessment, which has no areas."""
    build.origin(slug)
    build.session.add(Assessor(slug=slug, definition=f"As {slug} defines it"))
    build.session.flush()
    build.session.add(
        Assessment(
            assessor=slug,
            covers=covers,
            shape_digest=uuid.uuid4().bytes * 2,
            state="published",
            valid_from=dt.datetime(2025, 7, 1, tzinfo=dt.UTC),
        )
    )
    build.session.commit()


def test_each_status_is_defined_for_each_assessor(client: TestClient, build: Builder) -> None:
    add_assessor(build, DEEPSTATE.slug, ["occupied", "liberated"])
    add_assessor(build, "somebody", ["liberated"])
    page = client.get("/about").text
    section = page[page.index('id="statuses"') : page.index('id="categories"')]
    entries = re.findall(r"<h3[^>]*>(.*?)</h3>|<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", section, re.DOTALL)
    found: dict[str, dict[str, str]] = {}
    for name, status, meaning in entries:
        if name:
            found[re.sub("<.*?>", "", name).removeprefix("The ")] = {}
        else:
            found[list(found)[-1]][status] = unescape(meaning)
    assert found[DEEPSTATE.slug]["Liberated"] == DEEPSTATE.meanings["liberated"]
    assert "never been occupied" in found[DEEPSTATE.slug]["Liberated"], "as in Kursk Oblast"
    assert found["somebody"]["Liberated"].startswith(GENERAL_MEANINGS["liberated"])
    assert "no definition of this assessor is known" in found["somebody"]["Liberated"]
    assert "As somebody defines it" in section
    assert f"As {DEEPSTATE.slug} defines it" not in section, "each status is defined already"


@pytest.mark.parametrize("status", AREA_STATUSES)
def test_every_status_has_a_name_and_a_meaning(status: str) -> None:
    assert STATUS_NAMES[status]
    assert status_meaning("nobody", status) == (GENERAL_MEANINGS[status], False)


def test_the_formats_of_known_assessors_define_what_they_draw() -> None:
    assert set(DEEPSTATE.meanings) == {"occupied", "gray_zone", "liberated"}
    assert set(DEEPSTATE_DAILY.meanings) == {"occupied"}
    assert set(ISW.meanings) == {"occupied", "advance", "claimed", "counteroffensive"}


def test_each_assessor_names_its_terms_and_until_when_its_data_reach(client: TestClient, build: Builder) -> None:
    add_assessor(build, DEEPSTATE.slug, ["occupied"])
    section = re.sub(r"\s+", " ", client.get("/about").text.partition('id="statuses"')[2].partition("<dl>")[0])
    assert re.search(
        r'<p class="old">Data until 1 July 2025, [\d,]+ days ago \(the first are of 1 July 2025\)\. There', section
    )
    assert "CC BY 4.0" in section
    ukrainian = client.get("/about?lang=uk").text.partition('id="statuses"')[2].partition("<dl>")[0]
    assert "Назви, ліцензії та визначення наведено мовою джерела." in ukrainian
    assert re.search(r'<p class="quiet" dir="auto" lang="">\s*[^<]*CC BY 4\.0', ukrainian)
