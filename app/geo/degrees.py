"""Parses degrees as people write them: decimal, or with minutes and seconds, with a sign, a letter
or a word for the hemisphere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NoReturn

from app.geo.parsed_place import ParsedPlace, UnreadablePlace, make_place

if TYPE_CHECKING:
    from collections.abc import Sequence

Axis = Literal["latitude", "longitude"]

# Replaces other characters by those that the parser accepts: ° ' " - , ; and the space.
_SIGNS: Final = str.maketrans(
    dict.fromkeys("\u00ba\u02da\u2218", "°")  # ordinal indicator, ring above, ring operator
    | dict.fromkeys("\u2018\u2019\u2032\u02b9\u02bc\u00b4`", "'")  # quotes, prime, modifier letters, accents
    | dict.fromkeys("\u201c\u201d\u2033\u02ba", '"')  # quotes, double prime
    | dict.fromkeys("\u2010\u2011\u2013\u2212\ufe63\uff0d", "-")  # hyphens, en dash, minus signs
    | {"\uff0c": ",", "\uff1b": ";"}  # full width
)
# Words for the same signs, and for the names of the axes, φ and λ.
_WORDS: Final = (
    (r"latitude|lat\.?|широта|шир\.", "φ"),
    (r"longitude|long\.?|lon\.?|lng\.?|довгота|долгота|довг\.|долг\.", "λ"),
    (r"north|пн\.?\s*ш\.?|північної широти|с\.?\s*ш\.?|северной широты", "N"),  # noqa: RUF001 - Cyrillic is meant
    (r"south|пд\.?\s*ш\.?|південної широти|ю\.?\s*ш\.?|южной широты", "S"),
    (r"east|сх\.?\s*д\.?|східної довготи|в\.?\s*д\.?|восточной долготы", "E"),  # noqa: RUF001 - Cyrillic is meant
    (r"west|зх\.?\s*д\.?|західної довготи|з\.?\s*д\.?|западной долготы", "W"),
    (r"degrees|deg\.?", "°"),
    (r"minutes|min\.?", "'"),
    (r"seconds|sec\.?", '"'),
)
_WORD_PATTERNS: Final = tuple(
    (re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])", re.IGNORECASE), sign) for words, sign in _WORDS
)
_DECIMAL_COMMA: Final = re.compile(r"(?<![\d,])(\d+),(\d+)(?!\d)")
_COMPACT: Final = re.compile(
    r"(\d{2})(\d{2})(\d{2}(?:\.\d+)?)\s*([NS])[\s,;/]*(\d{3})(\d{2})(\d{2}(?:\.\d+)?)\s*([EW])"
)
_TOKEN: Final = re.compile(
    r"(?P<number>(?<![\d.])(?:\d+(?:\.\d*)?|\.\d+))|(?P<mark>[°'\":])|(?P<minus>-)|(?P<plus>\+)|(?P<letter>[NSEW])"
    r"|(?P<axis>[φλ])|(?P<separator>[,;/|])|(?P<equals>=)|(?P<space>\s+)"
)
# A single number with a decimal comma, which is much more likely than two whole degrees.
_ONE_NUMBER: Final = re.compile(r"\d+,\d+")
# A dash between numbers joins them (a date, a range); a minus follows a space or a comma.
_JOINED: Final = re.compile(r"\d[-+]\.?\d")
_AXIS_OF: Final[dict[str, Axis]] = {
    **dict.fromkeys(("N", "S", "φ"), "latitude"),
    **dict.fromkeys(("E", "W", "λ"), "longitude"),
}
_RANKS: Final = {"°": 0, "'": 1, '"': 2}


@dataclass(frozen=True)
class _Angle:
    """One angle of a pair: degrees, the axis if it is named, and the unit of its last digit in
    degrees.
    """

    degrees: float
    axis: Axis | None
    unit: float
    sexagesimal: bool


def parse_degrees(text: str) -> ParsedPlace | None:
    """Parses a pair of angles. Latitude comes first unless letters or words say otherwise.

    Returns:
        The position; None if the text is not a pair of angles.

    Raises:
        UnreadablePlace: the pair is not a valid latitude and longitude.
    """
    tokens = None if _ONE_NUMBER.fullmatch(text) else _tokenize(text)
    if tokens is None:
        return None
    halves = _split_pair(tokens)
    if halves is None:
        return None
    first, second = _parse_angle(halves[0]), _parse_angle(halves[1])
    if first is None or second is None:
        return None
    if first.axis is not None and first.axis == second.axis:
        raise UnreadablePlace("contradiction")
    if first.axis == "longitude" or second.axis == "latitude":
        first, second = second, first
    return make_place(
        second.degrees,
        first.degrees,
        "dms" if first.sexagesimal or second.sexagesimal else "decimal",
        cell_degrees=max(first.unit, second.unit),
    )


def _tokenize(text: str) -> list[tuple[str, str]] | None:
    """Splits a text into (kind, text) without spaces; returns None if it contains anything other
    than angles.
    """
    plain = text.translate(_SIGNS).replace("''", '"').strip().strip("()").strip()
    for pattern, sign in _WORD_PATTERNS:
        plain = pattern.sub(f" {sign} ", plain)
    if _JOINED.search(plain):
        return None
    if "." not in plain and len(_DECIMAL_COMMA.findall(plain)) == 2:
        plain = _DECIMAL_COMMA.sub(r"\1.\2", plain)
    plain = re.sub(r"[nsew](?![a-z])", lambda match: match[0].upper(), plain)
    compact = _COMPACT.fullmatch(plain)
    if compact:
        plain = "{}°{}'{}\"{} {}°{}'{}\"{}".format(*compact.groups())
    tokens = []
    position = 0
    while position < len(plain):
        match = _TOKEN.match(plain, position)
        if match is None:
            return None
        kind = str(match.lastgroup)
        if kind != "equals":
            tokens.append((kind, match[0]))
        position = match.end()
    # A colon is a mark between numbers (48:15:02) and nothing after a label (latitude: 48.25).
    cleaned = [
        token
        for before, token in zip([("", ""), *tokens], tokens, strict=False)
        if not (token == ("mark", ":") and before[0] in {"axis", "space"})
    ]
    return [token for token in cleaned if token[0] != "space"]


def _split_pair(tokens: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]] | None:
    """Splits the tokens of a pair: at the separator, else by labels, letters, signs, marks or
    count.
    """
    separators = [index for index, (kind, _) in enumerate(tokens) if kind == "separator"]
    if len(separators) == 1:
        cut = separators[0]
        return tokens[:cut], tokens[cut + 1 :]
    if separators:
        return None
    middle = _second_angle_start(tokens)
    return (tokens[:middle], tokens[middle:]) if middle else None


def _second_angle_start(tokens: list[tuple[str, str]]) -> int | None:
    """Returns where the second angle begins if there is no separator."""
    labels = [index for index, (kind, _) in enumerate(tokens) if kind == "axis"]
    if len(labels) == 2:
        return labels[1] if labels[0] == 0 else None
    letters = [index for index, (kind, _) in enumerate(tokens) if kind == "letter"]
    if letters and letters[0] == 0:
        return letters[1] if len(letters) == 2 else None
    if letters and letters[0] < len(tokens) - 1:
        return letters[0] + 1
    numbers = [index for index, (kind, _) in enumerate(tokens) if kind == "number"]
    degrees = [index for index, token in enumerate(tokens) if token == ("mark", "°")]
    if len(degrees) == 2:
        cut = degrees[1] - 1
    elif len(numbers) in {2, 4, 6}:
        cut = numbers[len(numbers) // 2]
    else:
        return None
    return cut - 1 if tokens[cut - 1][0] in {"minus", "plus"} else cut


def _parse_angle(tokens: Sequence[tuple[str, str]]) -> _Angle | None:
    """Parses one angle: label? letter? sign? degrees [minutes [seconds]] letter?; returns None if
    it is none.

    Raises:
        UnreadablePlace: it has a letter and a minus, two letters, or sixty minutes.
    """
    rest = list(tokens)
    axis: Axis | None = None
    if rest and rest[0][0] == "axis":
        axis = _AXIS_OF[rest.pop(0)[1]]
    letters = [rest.pop(end)[1] for end in (0, -1) if rest and rest[end][0] == "letter"]
    negative: bool | None = None
    if rest and rest[0][0] in {"minus", "plus"}:
        negative = rest.pop(0)[0] == "minus"
    if len(letters) > 1 or (letters and negative is not None):
        _contradicts()
    if letters:
        if axis is not None and axis != _AXIS_OF[letters[0]]:
            _contradicts()
        axis, negative = _AXIS_OF[letters[0]], letters[0] in {"S", "W"}
    parts = _angle_numbers(rest)
    if parts is None:
        return None
    values = [float(part) for part in parts]
    if any("." in part for part in parts[:-1]) or any(value >= 60 for value in values[1:]):
        _contradicts()
    magnitude = sum(value / 60**rank for rank, value in enumerate(values))
    decimals = len(parts[-1].partition(".")[2])
    return _Angle(
        degrees=-magnitude if negative else magnitude,
        axis=axis,
        unit=10.0**-decimals / 60 ** (len(parts) - 1),
        sexagesimal=len(parts) > 1,
    )


def _angle_numbers(tokens: list[tuple[str, str]]) -> list[str] | None:
    """Returns the numbers of an angle, degrees first; None if the marks between them are out of
    order.
    """
    parts: list[str] = []
    marked = False
    for kind, text in tokens:
        if kind == "number" and len(parts) < 3:
            parts.append(text)
            marked = False
        elif kind == "mark" and parts and not marked and (text == ":" or _RANKS[text] == len(parts) - 1):
            marked = True
        else:
            return None
    return parts or None


def _contradicts() -> NoReturn:
    raise UnreadablePlace("contradiction")
