"""Error messages are in the language of the request on every page; programs that send no language
get English.
"""

from __future__ import annotations

import copy
import json
import pickle
import unicodedata
from typing import Any

import pytest

from app.messages import Translatable, translate_message
from tests.review.conftest import DRAFT, EVENTS, Desk, ann, bea

__all__ = ["ann", "bea"]

UKRAINIAN = {"Accept-Language": "uk"}


def send_in_ukrainian(desk: Desk, method: str, path: str, body: Any, version: int | None = None) -> dict[str, Any]:
    """Sends a request as a Ukrainian page does; the messages in the response contain no English."""
    headers = {"X-Test-Member": desk.name} | UKRAINIAN | ({} if version is None else {"If-Match": f'"{version}"'})
    response = desk.client.request(method, path, json=body, headers=headers)
    answer: dict[str, Any] = response.json()
    if response.status_code >= 400:
        assert "Accept-Language" in response.headers["vary"]
        for words in (answer["title"], *(one["message"] for one in answer.get("errors", ()))):
            assert any("CYRILLIC" in unicodedata.name(letter, "") for letter in words), words
    return answer


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "/title", "Потрібно щонайменше 1"),
        ({"title": " "}, "/title", "заповніть це поле"),
        ({"title": "x" * 501}, "/title", "Щонайбільше 500"),
        ({"category": "party"}, "/category", "Має бути одним із:"),
        ({"precision_m": 0}, "/precision_m", "Не менше ніж 1"),  # noqa: RUF001 - Ukrainian
        ({"happened_from": "soon"}, "/happened_from", "Потрібні дата й час"),
        ({"verification": "sure"}, "/verification", "Має бути"),
        ({"geometry": {"type": "Circle"}}, "/geometry", "Тип"),
        ({"nothing": 1}, "/nothing", "Зайве поле"),
    ],
)
def test_field_error_is_translated(ann: Desk, changes: dict[str, Any], field: str, words: str) -> None:
    answer = send_in_ukrainian(ann, "POST", f"{EVENTS}/check", DRAFT | changes)
    (error,) = answer["errors"]
    assert error["field"] == field
    assert words in error["message"]
    assert answer["detail"] == f"{field}: {error['message']}"
    english = ann.ask("POST", f"{EVENTS}/check", DRAFT | changes)
    assert "vary" not in english.headers or "Accept-Language" in english.headers["vary"]
    assert english.json()["errors"][0]["message"].isascii()


def test_conflict_is_translated(ann: Desk, bea: Desk) -> None:
    event = ann.published()
    path = f"{EVENTS}/{event['id']}"
    assert "стані «опубліковано»" in send_in_ukrainian(bea, "POST", f"{path}/publish", {}, event["version"])["detail"]
    assert send_in_ukrainian(ann, "PUT", path, DRAFT, 99)["title"] == "Хтось інший це змінив"
    refused = send_in_ukrainian(
        ann,
        "POST",
        "/api/desk/bulk",
        {"events": [{"id": event["id"], "version": event["version"]}], "change": {"category": "other"}, "reason": "x"},
    )
    assert refused["items"][0]["refusal"] == "Опубліковані події можуть змінювати лише редактори."


def test_message_with_values_is_translated() -> None:
    words = {"{who} did it: {state}": "{state} — {who}", "in review": "на перевірці"}
    one = Translatable("{who} did it: {state}", who="Ann_Bea", state="in_review")
    assert one == "Ann_Bea did it: in_review"
    assert translate_message(one, lambda text: words.get(text, text)) == "на перевірці — Ann_Bea"
    for copied in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):  # noqa: S301 - our own
        assert translate_message(copied, lambda text: words.get(text, text)) == "на перевірці — Ann_Bea"
    assert translate_message("{not} ours", str) == "{not} ours"
    assert json.dumps(one) == '"Ann_Bea did it: in_review"'
