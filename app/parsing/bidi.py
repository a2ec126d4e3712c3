"""Keeps the text direction of one text from changing the text around it.

The characters U+202A to U+202E and U+2066 to U+2069 change the direction of what follows, until the
line ends or another one closes them. A title with U+202E would write the rest of its line
backwards. Elements do not help: U+2069 in a text closes the isolation of `<bdi>` and `dir="auto"`
too. So a text with such characters is shown between FSI and PDI, with as many of each as it needs
to be balanced (Unicode Bidirectional Algorithm, UAX #9). The text itself stays unchanged.

`static/js/lib/bidi.js` does the same in the browser.
"""

from __future__ import annotations

import re
from typing import Final

from typing_extensions import override

_FSI: Final = "\u2068"
_PDI: Final = "\u2069"
_CONTROLS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INITIATORS: Final = frozenset("\u2066\u2067\u2068")
# Each ends a paragraph of the algorithm, and all isolation in it.
_PARAGRAPH_ENDS: Final = re.compile("([\n\r\x1c-\x1e\x85\u2029]+)")
# All but line ends and tabs.
_TERMINAL_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def isolate(text: str) -> str:
    """Returns a text to be shown beside other text; unchanged if it cannot affect that text."""
    if not _CONTROLS.search(text):
        return text
    return "".join(map(_isolate_paragraph, _PARAGRAPH_ENDS.split(text)))


def terminal_text(text: str) -> str:
    """Returns a text for a terminal: control characters, which could move the cursor or change the
    terminal, are written as `\\x1b`; the text direction is isolated.
    """
    return isolate(_TERMINAL_CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text))


def _isolate_paragraph(text: str) -> str:
    opened = unmatched = 0
    is_safe = True
    for found in _CONTROLS.finditer(text):
        if found[0] in _INITIATORS:
            opened += 1
        elif found[0] != _PDI:
            is_safe &= opened > 0
        elif opened:
            opened -= 1
        else:
            unmatched += 1
    if is_safe and not opened and not unmatched:
        return text
    return _FSI * (1 + unmatched) + text + _PDI * (1 + opened)


def isolate_value(value: object) -> object:
    """Isolates a value if it is a text."""
    return isolate(value) if isinstance(value, str) else value


class MessageTemplate(str):
    """A text with placeholders; `format` isolates the texts that it fills in."""

    __slots__ = ()

    @override
    def format(self, *args: object, **values: object) -> str:
        return super().format(
            *map(isolate_value, args), **{name: isolate_value(value) for name, value in values.items()}
        )
