"""Tells texts that stay in the language of their source from those in the language of the page.

Which language a text is in is not known, but its script is: on a page in Cyrillic, a text in Latin
letters is not translated.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

from markupsafe import Markup

from app.pages.language import language_name


def is_foreign(language: str, *texts: str | None) -> bool:
    """Tells whether one of several texts is mostly in another script than a page's language."""
    own = _script_of(language_name(language))
    return any(_script_of(text) not in {None, own} for text in texts if text)


def foreign_attribute(language: str, *texts: str | None) -> Markup:
    """Returns the attribute of an element with a text in another language than the page's: its
    language is unknown. Empty if the text may be in the language of the page.
    """
    return Markup(' lang=""') if is_foreign(language, *texts) else Markup("")


@lru_cache(maxsize=4096)
def _script_of(text: str) -> str | None:
    """Returns the script of most letters of a text ("LATIN", "CYRILLIC"); None without letters."""
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in text[:500] if letter.isalpha())
    return max(scripts, key=lambda script: scripts[script]) if scripts else None
