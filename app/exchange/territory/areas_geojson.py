"""Reads our own format of areas, `areas-geojson`, which is also the format of the API's control
areas.

A file is a FeatureCollection of polygons. Each feature has the property `status`, and may have
`since_before` (true, false) and `label`. `assessor` (a slug), `valid_from` (a UTC day, or a moment)
and `covers` (a list of statuses; by default those that occur) are properties of each feature, or
members of the collection that apply to all features. The members `name`, `definition`, `home_page`,
`licence` and `attribution` describe the assessor.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from app.exchange.territory.documents import Document, Feature, text_property
from app.exchange.territory.drawings import AssessorProfile, Drawing, DrawnArea, FileRefused, Unknown
from app.fields.limits import LONGEST_SLUG
from app.models.control_area import AREA_STATUSES
from app.parsing.days import parse_time, start_of
from app.parsing.slugs import check_slug

if TYPE_CHECKING:
    from app.theatre import Extent

_DEFINITION: Final = "As the file drew it; it gives no definition of control."


def read_areas_geojson(document: Document, _: Extent, valid_from: dt.datetime | None) -> list[Drawing]:
    """Reads areas. One file may have several assessments, also of several assessors.

    A feature with an unknown status is unknown.

    Raises:
        FileRefused: a feature lacks a property, or has an invalid one; the message names both.
    """
    drawings: dict[tuple[str, dt.datetime], Drawing] = {}
    for feature in document.features:
        slug = _member(feature, document.members, "assessor")
        try:
            check_slug(slug, LONGEST_SLUG)
        except ValueError as error:
            raise FileRefused(f"feature {feature.number} has an invalid assessor. {error}") from None
        moment = valid_from or _moment(feature, _member(feature, document.members, "valid_from"))
        covers = _parse_covers(feature, document.members)
        drawing = drawings.setdefault((slug, moment), Drawing(_profile(slug, document.members), moment, covers))
        if drawing.covers != covers:
            raise FileRefused(f"feature {feature.number} has other `covers` than earlier features of its assessment")
        if feature.geometry is None:
            drawing.notes["features without a geometry"] += 1
            continue
        status = text_property(feature, "status")
        if status not in AREA_STATUSES:
            known = ", ".join(AREA_STATUSES)
            drawing.unknown.append(
                Unknown(feature.number, f"has the unknown status {status[:80]!r}. Must be one of: {known}")
            )
            continue
        if covers and status not in covers:
            raise FileRefused(f"feature {feature.number} has the status {status}, which its assessment does not cover")
        drawing.areas.append(
            DrawnArea(
                feature.number,
                status,
                feature.geometry,
                since_before=_parse_flag(feature, "since_before"),
                label=text_property(feature, "label")[:300] or None,
            )
        )
    occurring = {area.status for drawing in drawings.values() for area in drawing.areas}
    for drawing in drawings.values():
        drawing.covers = drawing.covers or tuple(status for status in AREA_STATUSES if status in occurring)
    return [*drawings.values()]


def _member(feature: Feature, members: dict[str, Any], name: str) -> str:
    value = text_property(feature, name) or " ".join(str(members.get(name) or "").split())
    if not value:
        raise FileRefused(f"feature {feature.number} has no {name}, nor has the collection")
    return value


def _parse_covers(feature: Feature, members: dict[str, Any]) -> tuple[str, ...]:
    given = feature.properties.get("covers") or members.get("covers") or []
    if not isinstance(given, list) or not all(word in AREA_STATUSES for word in given):
        raise FileRefused(
            f"feature {feature.number} has an invalid `covers`. Must be a list of: {', '.join(AREA_STATUSES)}"
        )
    return tuple(status for status in AREA_STATUSES if status in given)


def _parse_flag(feature: Feature, name: str) -> bool:
    value = feature.properties.get(name)
    if value is not None and not isinstance(value, bool):
        raise FileRefused(f"feature {feature.number} has an invalid {name}. Must be true or false")
    if value and text_property(feature, "status") != "occupied":
        raise FileRefused(f"feature {feature.number} has {name}, which only occupied ground may have")
    return bool(value)


def _moment(feature: Feature, text: str) -> dt.datetime:
    try:
        return start_of(parse_time(text))
    except ValueError as error:
        raise FileRefused(f"feature {feature.number} has an invalid valid_from. {error}") from None


def _profile(slug: str, members: dict[str, Any]) -> AssessorProfile:
    def text_member(name: str) -> str | None:
        value = members.get(name)
        return " ".join(str(value).split())[:1000] if value else None

    return AssessorProfile(
        slug,
        text_member("name") or slug,
        text_member("definition") or _DEFINITION,
        home_page=text_member("home_page"),
        licence=text_member("licence"),
        attribution=text_member("attribution"),
    )
