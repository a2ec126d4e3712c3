"""Inserts or updates the origins of an import, and checks their stated terms against the
database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.errors import UserError
from app.sources.canonical import check_link
from app.sources.refusals import UnusableLink

if TYPE_CHECKING:
    from psycopg import Connection


class OriginRefused(UserError):
    """An origin cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class OriginTerms:
    """The name, home page, licence and attribution of origins, as stated for an import."""

    name: str | None = None
    home_page: str | None = None
    licence: str | None = None
    attribution: str | None = None


class Origins:
    """Inserts and updates the origins of an import."""

    def __init__(self, connection: Connection[Any], terms: OriginTerms, *, public: bool) -> None:
        self._connection = connection
        self._terms = terms
        self._public = public
        self._ready: set[str] = set()

    def prepare(self, slugs: Iterable[str]) -> None:
        """Inserts or updates origins with the stated terms. Sets missing terms, and never
        overwrites others.

        Raises:
            OriginRefused: the licence is missing, the public cannot open the home page, or a term
                differs from the database.
        """
        try:
            if self._terms.home_page:
                check_link(self._terms.home_page)
        except UnusableLink as refused:
            raise OriginRefused(
                f"The home page of the origin is {self._terms.home_page!r}. {refused.message}"
            ) from None
        slugs = sorted(slugs)
        if self._terms.name and len(slugs) > 1:
            raise OriginRefused(
                f"The file has several origins ({', '.join(slugs)}), and a name is for one. Leave out"
                " --origin-name, or import all rows under one origin with --origin."
            )
        for slug in slugs:
            if slug not in self._ready:
                self._prepare(slug)
                self._ready.add(slug)

    def _prepare(self, slug: str) -> None:
        terms = self._terms
        known = self._connection.execute(
            "SELECT name, home_page, licence, attribution, public FROM frontline.origin WHERE slug = %s FOR UPDATE",
            (slug,),
        ).fetchone()
        if known is not None:
            for label, option, stated, before in (
                ("name", "--origin-name", terms.name, None if known[0] == slug else known[0]),
                ("home page", "--origin-home-page", terms.home_page, known[1]),
                ("licence", "--origin-licence", terms.licence, known[2]),
                ("attribution", "--origin-attribution", terms.attribution, known[3]),
            ):
                if stated and before and stated != before:
                    raise OriginRefused(
                        f"The origin {slug} has another {label}, “{before}”. Leave out {option}, or import"
                        " under another origin."
                    )
        licence = terms.licence or (known[2] if known else None)
        if self._public and not licence:
            raise OriginRefused(
                f"The origin {slug} has no licence, and public events require one. Add"
                " --origin-licence, for example --origin-licence 'CC BY 4.0'."
            )
        self._connection.execute(
            "INSERT INTO frontline.origin (slug, name, home_page, licence, attribution, public)"
            " VALUES (%(slug)s, %(name)s, %(home_page)s, %(licence)s, %(attribution)s, %(public)s)"
            " ON CONFLICT (slug) DO UPDATE SET name = %(name)s, home_page = %(home_page)s, licence = %(licence)s,"
            " attribution = %(attribution)s, public = origin.public OR %(public)s",
            {
                "slug": slug,
                "name": terms.name or (known[0] if known else slug),
                "home_page": terms.home_page or (known[1] if known else None),
                "licence": licence,
                "attribution": terms.attribution or (known[3] if known else None),
                "public": self._public,
            },
        )
