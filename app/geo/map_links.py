"""Parses the position in a link to a map, from its URL alone, without a request.

Each service is one row of `_SERVICES`: its hosts, and which parts of its URLs contain a position.
The position of a pin has priority over the centre of the view.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, parse_qs, unquote, unquote_plus, urlsplit

from app.geo.degrees import parse_degrees
from app.geo.parsed_place import ParsedPlace, UnreadablePlace, make_place
from app.geo.plus_codes import parse_plus_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    # Yields (latitude, longitude) as written in a part of a URL; the best match first.
    Finder = Callable[[SplitResult], Iterator[tuple[str, str]]]

_NUMBER: Final = r"([-+]?\d{1,3}(?:\.\d+)?)"
_PAIR: Final = re.compile(rf"\s*(?:loc:)?\s*{_NUMBER}\s*[,~]\s*{_NUMBER}(?:[,_~;].*)?", re.IGNORECASE)
_SHORTENERS: Final = frozenset(
    (
        "goo.gl",
        "maps.app.goo.gl",
        "g.co",
        "maps.apple",
        "bit.ly",
        "t.co",
        "tinyurl.com",
        "is.gd",
        "ow.ly",
        "clck.ru",
        "rb.gy",
    )
)
_ADDRESS: Final = re.compile(r"https?://[^/?#\s]+\.[a-z]{2,}\S*", re.IGNORECASE)


@dataclass(frozen=True)
class _Service:
    """A map service: the pattern of its hosts, and where its URLs contain a position."""

    host: re.Pattern[str]
    finders: tuple[Finder, ...]
    short_path: re.Pattern[str] | None = None


def parse_map_link(text: str, near: tuple[float, float] | None = None) -> ParsedPlace | None:
    """Parses the position in the URL of a map, or in a `geo:` URI (RFC 5870).

    Returns:
        The position; None if the text is not a URL.

    Raises:
        UnreadablePlace: the URL is a short link, or contains no position.
    """
    if text.lower().startswith("geo:"):
        return _read_geo_uri(text)
    address = text if "://" in text else f"https://{text}"
    if not _ADDRESS.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return None
    if host in {"what3words.com", "w3w.co"}:
        raise UnreadablePlace("words-code")
    service = next((service for service in _SERVICES if service.host.fullmatch(host)), None)
    if host in _SHORTENERS or (service and service.short_path and service.short_path.match(parts.path)):
        raise UnreadablePlace("short-link")
    pin = _find_first(service.finders if service else (), parts)
    view = _find_first(_ANY_SERVICE, parts)
    if pin is None and service is not None:
        # The text in the map's search field; the reference position of a short plus code in it is
        # the centre of the view.
        pin = _parse_typed(parts, (view.longitude, view.latitude) if view else near)
    if pin is None and view is None:
        raise UnreadablePlace("no-place-in-link")
    return pin or view


def _find_first(finders: tuple[Finder, ...], parts: SplitResult) -> ParsedPlace | None:
    """Returns the first position that the finders find."""
    pair = next((pair for finder in finders for pair in finder(parts)), None)
    return _make_place(*pair) if pair else None


def _make_place(latitude: str, longitude: str) -> ParsedPlace:
    """Returns the position from numbers of a URL, with the precision of their digits."""
    digits = min(len(number.partition(".")[2]) for number in (latitude, longitude))
    return make_place(float(longitude), float(latitude), "map_link", cell_degrees=10.0**-digits)


def _read_geo_uri(text: str) -> ParsedPlace:
    match = re.fullmatch(rf"geo:{_NUMBER},{_NUMBER}(?:,[-+.\d]+)?((?:;[^;?]*)*)(?:\?.*)?", text.strip(), re.IGNORECASE)
    if match is None:
        raise UnreadablePlace("no-place-in-link")
    parameters = dict(part.lower().partition("=")[::2] for part in match[3].split(";") if part)
    if parameters.get("crs", "wgs84") != "wgs84":
        raise UnreadablePlace("no-place-in-link")
    place = _make_place(match[1], match[2])
    uncertainty = parameters.get("u", "")
    if re.fullmatch(r"\d{1,7}(\.\d+)?", uncertainty):
        return replace(place, precision_m=max(place.precision_m, round(float(uncertainty))))
    return place


def _in_query(*names: str, longitude_first: bool = False) -> Finder:
    """Returns a finder for a pair of numbers in a parameter of the query."""

    def find(parts: SplitResult) -> Iterator[tuple[str, str]]:
        query = parse_qs(parts.query)
        for name in names:
            for value in query.get(name, ()):
                match = _PAIR.fullmatch(value)
                if match:
                    yield (match[2], match[1]) if longitude_first else (match[1], match[2])

    return find


def _in_two_parameters(latitude: str, longitude: str) -> Finder:
    """Returns a finder for numbers in two parameters, of the query or of the fragment."""

    def find(parts: SplitResult) -> Iterator[tuple[str, str]]:
        for given in (parts.query, parts.fragment):
            query = parse_qs(given)
            pair = query.get(latitude, [""])[0], query.get(longitude, [""])[0]
            if all(re.fullmatch(_NUMBER, number) for number in pair):
                yield pair

    return find


def _in_path(pattern: str) -> Finder:
    """Returns a finder for latitude and longitude by a pattern in the path; the last match wins."""
    compiled = re.compile(pattern)

    def find(parts: SplitResult) -> Iterator[tuple[str, str]]:
        for match in reversed(list(compiled.finditer(unquote(parts.path)))):
            yield match[1], match[2]

    return find


def _in_fragment(parts: SplitResult) -> Iterator[tuple[str, str]]:
    """Finds `#map=15/48.25/37.13` or `#15/48.25/37.13`, a common form: zoom, latitude,
    longitude.
    """
    match = re.match(rf"(?:.*&)?(?:map=)?\d{{1,2}}(?:\.\d+)?/{_NUMBER}/{_NUMBER}(?:[/&].*)?$", parts.fragment)
    if match:
        yield match[1], match[2]


_SHORT_CODE_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~"


def _in_osm_short_code(parts: SplitResult) -> Iterator[tuple[str, str]]:
    """Decodes `osm.org/go/…`, which contains the position: interleaved bits of longitude and
    latitude.

    See https://wiki.openstreetmap.org/wiki/Shortlink; `@` is the old letter for `~`, `-` and `=`
    carry the zoom.
    """
    match = re.match(r"/go/([A-Za-z0-9_~@]{2,10})[-=]*$", parts.path)
    if match is None:
        return
    longitude_bits = latitude_bits = 0
    letters = match[1].replace("@", "~")
    for letter in letters:
        value = _SHORT_CODE_LETTERS.index(letter)
        for shift in (4, 2, 0):
            longitude_bits = longitude_bits << 1 | value >> shift + 1 & 1
            latitude_bits = latitude_bits << 1 | value >> shift & 1
    cells = 1 << 3 * len(letters)
    yield f"{latitude_bits / cells * 180 - 90:.5f}", f"{longitude_bits / cells * 360 - 180:.5f}"


def _parse_typed(parts: SplitResult, near: tuple[float, float] | None) -> ParsedPlace | None:
    """Parses a position that a URL contains as somebody typed it:
    `/place/48°14'53"N+37°07'46"E/`.
    """
    query = parse_qs(parts.query)
    typed = [value for name in ("q", "query", "text", "daddr", "where1") for value in query.get(name, ())]
    for segment in parts.path.split("/"):
        # In a path "+" may be a space or part of a plus code; both are tried.
        typed += [unquote_plus(segment), unquote(segment)]
    for text in typed:
        found = parse_degrees(text) or parse_plus_code(text, near)
        if found:
            return replace(found, form="map_link")
    return None


_SERVICES: Final = (
    _Service(
        re.compile(r"(?:maps\.|earth\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?"),
        (
            _in_path(rf"!3d{_NUMBER}!4d{_NUMBER}"),
            _in_query("q", "query", "ll", "daddr", "destination", "cbll", "viewpoint"),
            _in_path(rf"/(?:search|place|dir)/(?:.*/)?{_NUMBER},[ +]*{_NUMBER}(?=/|$)"),
            _in_query("center", "sll"),
        ),
    ),
    _Service(
        re.compile(r"openstreetmap\.(?:org|de)|osm\.org"),
        (_in_two_parameters("mlat", "mlon"), _in_fragment, _in_two_parameters("lat", "lon"), _in_osm_short_code),
    ),
    _Service(
        re.compile(r"maps\.apple\.com"),
        (_in_query("coordinate", "ll", "q", "daddr", "center", "sll"),),
        re.compile(r"/p/"),
    ),
    _Service(
        re.compile(r"(?:maps\.)?yandex\.[a-z]{2,3}(?:\.[a-z]{2})?"),
        (
            _in_query("whatshere[point]", "poi[point]", "pt", longitude_first=True),
            _in_query("text"),
            _in_query("ll", "sll", longitude_first=True),
        ),
        re.compile(r"/maps/-/"),
    ),
    _Service(re.compile(r"bing\.com"), (_in_query("sp", "cp"),)),
    _Service(re.compile(r"wikimapia\.org"), (_in_two_parameters("lat", "lon"),)),
)
# Forms that any map may use, including ours (`/?at=48.25,37.13,12`).
_ANY_SERVICE: Final[tuple[Finder, ...]] = (
    _in_query("at", "center"),
    _in_two_parameters("lat", "lon"),
    _in_two_parameters("lat", "lng"),
    _in_two_parameters("latitude", "longitude"),
    _in_fragment,
    _in_path(rf"/@{_NUMBER},{_NUMBER}(?=[,/]|$)"),
)
