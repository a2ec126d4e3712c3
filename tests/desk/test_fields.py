"""The fields of the tables (`app/fields`) at the desk: in request bodies, responses and forms, and
in public responses.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError
from typing_extensions import override

from app.desk import imports
from app.fields import CLAIM, EVENT, SOURCE, Field, Fields
from app.fields.limits import LONGEST_TITLE, MOST_PRECISION_M
from app.pages.desk.work_words import WorkWords
from app.pages.plain_fields import plain_fields
from app.publication.field_models import KEPT, sent, shows, writes
from app.review.schemas import ClaimBody, DeskEvent, EventBody, SourceBody
from tests.review.conftest import DRAFT, EVENTS, Desk

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from app.theatre import Theatre

MADE_UP: Final = {
    "text": Field(name="x_text", type="text", title="Unit", help="Which unit", null=True, most=40),
    "number": Field(name="x_number", type="number", title="Dead", help="How many", null=True, least=0, most=9),
    "word": Field(
        name="x_word", type="word", title="Weather", help="Of the day", words={"dry": "Dry", "wet": "Wet"}, null=True
    ),
    "url": Field(name="x_url", type="url", title="Album", help="More pictures", null=True),
    "flag": Field(name="x_flag", type="flag", title="At night", help="In the dark", default=False),
}
# Values of fields for which a random value of the right type is not valid.
GIVEN: Final[dict[str, Any]] = {
    "origin": "desk",
    "category": "clash",
    "actor": "ru",
    "affected": "ua",
    "verification": "geolocated",
    "happened_from": "2025-07-21T05:00:00Z",
    "happened_to": "2025-07-21T06:00:00Z",
    "language": "uk",
    "status": "deleted",  # the public receives no details of a hidden event
}


def plain(fields: Fields, *more: Field) -> Fields:
    """Returns a copy of a table with further plain fields, which are editable and public."""
    added = (dataclasses.replace(one, plain=True, public=True, exported=True, editable=True) for one in more)
    return Fields(fields.record, (*fields.all, *added))


def value_of(field: Field) -> Any:
    """Returns a valid value of a field."""
    if field.name in GIVEN:
        return GIVEN[field.name]
    match field.type:
        case "word":
            return next(iter(field.words))
        case "words":
            return list(field.words)[:2]
        case "texts":
            return ["A channel", "an outlet"]
        case "number":
            return field.most
        case "flag":
            return True
        case "moment":
            return "2025-07-20T04:30:00Z"
        case "url":
            return f"https://example.org/{field.name}"
    return f"Some {field.name}"


def written_by_members(fields: Fields) -> dict[str, Any]:
    """Returns a body with every editable field, except shapes and source ids."""
    return {
        field.name: value_of(field) for field in fields.having(editable=True) if field.type not in {"shape", "uuid"}
    }


def same(received: Any, value: Any) -> bool:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", value):
        return dt.datetime.fromisoformat(received) == dt.datetime.fromisoformat(value)
    return bool(received == value)


def differing(answer: dict[str, Any], body: dict[str, Any], fields: Fields, **wanted: Any) -> set[str]:
    """Returns the fields whose value in a response differs from the submitted value."""
    assert answer.keys() >= set(fields.names(**wanted)) & body.keys()
    return {
        name
        for name in fields.names(**wanted)
        if name in body and not same(answer[name], body[name] if name != "source_id" else str(body[name]))
    }


def test_every_editable_field_is_returned_and_published(ann: Desk, client: TestClient) -> None:
    shape = {"type": "Point", "coordinates": [37.12966, 48.24819]}
    body = written_by_members(EVENT) | {"geometry": shape}
    made = ann.ask("POST", EVENTS, body)
    assert made.status_code == 201, made.text
    event = made.json()
    assert differing(event, body, EVENT, editable=True) == set()
    assert event["geometry"] == shape
    path = f"{EVENTS}/{event['id']}"
    source = written_by_members(SOURCE)
    link = {"url": "https://t.me/channel/7", "role": "footage"}
    with_source = ann.ask("POST", f"{path}/sources", source | link, event["version"]).json()
    assert differing(with_source["sources"][0], source, SOURCE, editable=True) == set()
    claim = written_by_members(CLAIM) | {"source_id": with_source["sources"][0]["id"]}
    with_claim = ann.ask("POST", f"{path}/claims", claim, with_source["version"]).json()
    assert differing(with_claim["claims"][0], claim, CLAIM, editable=True) == set()
    assert ann.step(event, "submit").status_code == 200
    assert Desk(client, "Bea").step(event, "publish").status_code == 200
    feature = client.get(f"/api/collections/events/items/{event['id']}").json()
    properties = feature["properties"]
    assert differing(properties, body, EVENT, editable=True, exported=True) == set()
    assert differing(properties["sources"][0], source, SOURCE, editable=True, exported=True) == set()
    assert differing(properties["claims"][0], claim, CLAIM, editable=True, exported=True) == set()
    assert properties.keys() >= set(EVENT.names(exported=True))
    assert properties["sources"][0].keys() >= set(SOURCE.names(exported=True))
    assert properties["claims"][0].keys() == set(CLAIM.names(exported=True))


def test_new_field_is_in_bodies_and_responses() -> None:
    fields = plain(EVENT, *MADE_UP.values())

    @writes(fields.having(editable=True))
    class Body(BaseModel):
        """A request body."""

        model_config = ConfigDict(extra="forbid")

        category: str

    @shows(fields.having(exported=True))
    class Answer(BaseModel):
        """A response body."""

    known = {key: value for key, value in DRAFT.items() if key != "geometry"}
    assert {"x_text", "x_number", "x_word", "x_url", "x_flag"} <= Body.model_fields.keys() & Answer.model_fields.keys()
    body = Body.model_validate(known | {"x_text": "47th", "x_number": 9})
    values = body.model_dump()
    assert (values["x_text"], values["x_number"], values["x_word"], values["x_flag"]) == ("47th", 9, None, False)
    written = Body.model_json_schema()["properties"]
    assert written["x_text"]["description"] == f"Which unit. {KEPT}"
    assert written["x_word"]["anyOf"][0]["enum"] == ["dry", "wet"]
    read = Answer.model_json_schema()
    assert read["properties"]["x_text"]["title"] == "Unit"
    assert read["required"] == list(Answer.model_fields)
    # A client that does not know a field does not reset it.
    added = [fields[one.name] for one in MADE_UP.values()]
    assert sent(body, added) == {"x_text": "47th", "x_number": 9}
    assert sent(body, added, new=True).keys() == {one.name for one in added}
    refused = {"x_text": "x" * 41, "x_number": 10, "x_word": "hot", "x_url": "nowhere", "x_flag": "?"}
    for name, value in refused.items():
        with pytest.raises(ValidationError) as invalid:
            Body.model_validate(known | {name: value})
        assert {error["loc"][0] for error in invalid.value.errors()} == {name}


class Inputs(HTMLParser):
    """Parses the fields of a form: the attributes of each, with the values of its options."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, dict[str, Any]] = {}
        self.labels: set[str] = set()
        self._last = ""
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name")
        if tag in {"input", "select", "textarea"} and name:
            self.fields[name] = given | {"tag": tag, "options": []}
            self._last = name
        elif tag == "option":
            self.fields[self._last]["options"].append(given["value"])
        elif tag == "label" and given.get("for"):
            self.labels.add(str(given["for"]))


@pytest.fixture
def rendered(app: FastAPI, theatre: Theatre) -> Any:
    """Returns a function that renders a macro of the desk's templates in a language, with further
    plain fields in all three tables.
    """
    environment = app.state.templates.env

    def render(template: str, macro: str, *args: Any, language: str = "en", more: tuple[Field, ...] = ()) -> Inputs:
        words = WorkWords(language, theatre)
        for record in ("event", "source", "claim"):
            setattr(words, record, plain(getattr(words, record), *more))
        made = getattr(environment.get_template(f"desk/{template}").make_module({}), macro)
        return Inputs(str(made(*(words if one is WorkWords else one for one in args), words._)))

    return render


def test_new_field_is_in_the_forms_of_the_desk(rendered: Any) -> None:
    more = tuple(MADE_UP.values())
    forms = {
        "": rendered("event-fields.html", "event_fields", WorkWords, more=more),
        "s-": rendered("editor-parts.html", "source_facts", "s", None, WorkWords, more=more),
        "c-": rendered("editor-parts.html", "claim_fields", "c", None, {"sources": []}, WorkWords, more=more),
    }
    for prefix, form in forms.items():
        kinds = {type_: form.fields[field.name] for type_, field in MADE_UP.items()}
        assert {type_: one["data-plain"] for type_, one in kinds.items()} == {type_: type_ for type_ in MADE_UP}
        assert (kinds["text"]["maxlength"], kinds["text"]["id"]) == ("40", f"{prefix}x_text")
        assert (kinds["number"]["type"], kinds["number"]["min"], kinds["number"]["max"]) == ("number", "0", "9")
        assert (kinds["word"]["tag"], kinds["word"]["options"]) == ("select", ["", "dry", "wet"])
        assert (kinds["url"]["type"], kinds["flag"]["type"]) == ("url", "checkbox")
        assert {f"{prefix}x_text", f"{prefix}x_number", f"{prefix}x_word", f"{prefix}x_url"} <= form.labels


def test_form_has_current_values_in_the_readers_language(app: FastAPI, theatre: Theatre) -> None:
    macro = app.state.templates.env.get_template("desk/plain-field.html").module
    words = WorkWords("uk", theatre)
    html = str(macro.plain_field("s1-", words.source["source_class"], "party", words._))
    assert "Хто говорить" in html
    assert re.search(r'value="party" selected>Сторона війни<', html)
    only = Fields("source", (SOURCE["source_class"],))
    notes = str(macro.plain_notes(plain_fields(only, {"source_class": "independent"}, "uk", for_desk=True)))
    assert re.sub("<[^>]*>", "", notes) == " · Хто говорить: Незалежне"
    hostile = plain(Fields("event", ()), MADE_UP["text"])
    facts = str(macro.plain_facts(plain_fields(hostile, {"x_text": "<b>"}, "uk", for_desk=True)))
    assert "&lt;b&gt;" in facts
    assert "<b>" not in facts


def test_form_limits_match_the_api(rendered: Any) -> None:
    form = rendered("event-fields.html", "event_fields", WorkWords)
    assert form.fields["title"]["maxlength"] == str(LONGEST_TITLE)
    assert form.fields["precision_m"]["max"] == str(MOST_PRECISION_M)
    given = {"title": "x" * LONGEST_TITLE, "precision_m": MOST_PRECISION_M}
    assert EventBody.model_validate(DRAFT | given).title  # type: ignore[attr-defined] # made from the table
    with pytest.raises(ValidationError):
        EventBody.model_validate(DRAFT | {"precision_m": MOST_PRECISION_M + 1})
    facts = rendered("editor-parts.html", "source_facts", "s", None, WorkWords)
    assert facts.fields.keys() == set(SOURCE.names(editable=True))
    claim = rendered("editor-parts.html", "claim_fields", "c", None, {"sources": []}, WorkWords)
    assert claim.fields.keys() == set(CLAIM.names(editable=True)) - {"about"}  # a claim takes `about` from its event


@pytest.mark.parametrize(("body", "fields"), [(EventBody, EVENT), (SourceBody, SOURCE), (ClaimBody, CLAIM)])
def test_body_has_the_fields_of_its_table(body: type[BaseModel], fields: Fields) -> None:
    named = {field.name for field in fields.having(editable=True) if field.type != "shape"}
    assert named <= body.model_fields.keys()
    for name in named:
        described = body.model_fields[name]
        assert described.description, name
        if fields[name].plain:
            assert described.description.endswith(KEPT)


@pytest.mark.parametrize(("changes", "unchanged"), [({}, True), ({"x_text": "47th"}, True), ({"x_text": None}, False)])
def test_client_without_a_field_does_not_change_an_import(
    ann: Desk, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], unchanged: bool
) -> None:
    fields = plain(EVENT, MADE_UP["text"])
    only = [fields["x_text"]]
    monkeypatch.setattr(imports, "EVENT", fields)
    made = ann.draft()
    event = shows(only)(DeskEvent).model_validate(made | {"x_text": "47th"})
    assert imports.is_unchanged(event, writes(only)(EventBody).model_validate(DRAFT | changes)) == unchanged


def test_number_without_limits_fits_into_the_database() -> None:
    number = Field(name="x_number", type="number", title="A number", help="Of any size", null=True)

    @writes([number])
    class Body(BaseModel):
        """A request body."""

    assert Body.model_validate({"x_number": 2**31 - 1}).model_dump() == {"x_number": 2**31 - 1}
    for too_much in (2**31, -(2**31) - 1):
        with pytest.raises(ValidationError):
            Body.model_validate({"x_number": too_much})
