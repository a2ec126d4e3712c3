"""The theatre: the conflict that this installation maps, configured in `theatre.toml`."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from app.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=60)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Names = Annotated[dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=200)]], Field(min_length=1)]


class TheatreError(UserError):
    """The file of the theatre is invalid; the message says where and why."""


class _Part(BaseModel):
    """The base of the parts of the theatre: immutable, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Extent(_Part):
    """A box in degrees."""

    west: float = Field(ge=-180, le=180)
    south: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.west >= self.east or self.south >= self.north:
            raise ValueError("west must be less than east, and south less than north")
        return self

    def contains(self, longitude: float, latitude: float) -> bool:
        """Tells whether a place is in the box or on its edge."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


class View(_Part):
    """The position and zoom at which the map opens."""

    longitude: float = Field(ge=-180, le=180)
    latitude: float = Field(ge=-85, le=85)
    zoom: float = Field(ge=0, le=19)


class Opening(_Part):
    """The days on which the map opens, both included."""

    from_day: dt.date = Field(alias="from")
    to_day: dt.date = Field(alias="to")


class Tiles(_Part):
    """Raster tiles under the map; an empty `url` means none."""

    url: str = ""
    attribution: str = ""
    attribution_url: str = ""
    max_zoom: int = Field(19, ge=0, le=24)


class GroundMove(_Part):
    """A change of Natural Earth's borders: all of `from`, or its parts inside `box`, belongs to
    `to`.
    """

    name: str = Field(min_length=1, max_length=200)
    from_country: str = Field(alias="from", min_length=1)
    to_country: str = Field(alias="to", min_length=1)
    box: Extent | None = None


class GroundWater(_Part):
    """Water inside a country that counts as sea: its shore is coast."""

    name: str = Field(min_length=1, max_length=200)
    box: Extent


class Ground(_Part):
    """The simple background map, which `scripts/ground.mjs` generates, and the countries whose
    outer edge is no front line.
    """

    countries: tuple[Annotated[str, StringConstraints(min_length=1, max_length=200)], ...] = ()
    waters: tuple[GroundWater, ...] = ()
    moves: tuple[GroundMove, ...] = ()


class Gazetteer(_Part):
    """The settlements of the gazetteer: a whole country, and those within a margin of the
    extent.

    `names` are preferred names, by GeoNames id or by the gazetteer's name: one for all languages,
    or one for each.
    """

    country: str = Field(pattern=r"^[A-Z]{2}$")
    margin_km: float = Field(150, ge=0, le=2000)
    names: dict[str, Annotated[str, StringConstraints(min_length=1, max_length=200)] | Names] = {}


class Belligerent(_Part):
    """A side of the conflict."""

    slug: Slug
    name: Names
    adjective: Names
    colour: Colour
    colour_night: Colour


class Category(_Part):
    """A category of events with its publication policy. The slug before the last dot is its
    parent.
    """

    slug: Slug
    name: Names
    colour: Colour
    colour_night: Colour
    embargo_hours: float = Field(0, ge=0, le=24 * 366)
    coarsen_m: float | None = Field(None, gt=0, le=50_000)
    forbidden_for: tuple[Slug, ...] = ()

    @property
    def parent(self) -> str | None:
        """The slug of the category that includes this one."""
        return self.slug.rpartition(".")[0] or None


class CategoryWords(_Part):
    """Words that suggest a category: an imported event without a category gets the first category
    of which a word or phrase occurs in its text, marked as guessed.
    """

    category: Slug
    words: tuple[Annotated[str, StringConstraints(pattern=r"\w", max_length=100)], ...] = Field(
        min_length=1, max_length=500
    )


class DeskPolicy(_Part):
    """When a second member must publish an event. `confirmed` events always need a second
    member.
    """

    second_person_near_line_km: float = Field(10, ge=0, le=500)
    second_person_always: bool = False


class Theatre(_Part):
    """The conflict that is mapped."""

    name: Names
    first_day: dt.date
    extent: Extent
    languages: tuple[Language, ...] = Field(min_length=1)
    gazetteer: Gazetteer
    view: View
    opening: Opening | None = None
    tiles: Tiles = Tiles()
    ground: Ground = Ground()
    desk: DeskPolicy = DeskPolicy()
    belligerents: tuple[Belligerent, ...] = Field(min_length=1, max_length=20)
    categories: tuple[Category, ...] = Field(min_length=1, max_length=200)
    category_words: tuple[CategoryWords, ...] = Field((), max_length=200)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        sides = [belligerent.slug for belligerent in self.belligerents]
        kinds = [category.slug for category in self.categories]
        for kind, slugs in (("belligerent", sides), ("category", kinds)):
            for slug in slugs:
                if slugs.count(slug) > 1:
                    raise ValueError(f"the {kind} {slug!r} is listed twice")
        for rule in self.category_words:
            if rule.category not in kinds:
                raise ValueError(f"category_words: there is no category {rule.category!r}")
        for category in self.categories:
            if category.parent is not None and category.parent not in kinds:
                raise ValueError(f"the category {category.slug!r} has no parent {category.parent!r}")
            for side in category.forbidden_for:
                if side not in sides:
                    raise ValueError(
                        f"the category {category.slug!r} is forbidden for an unknown belligerent: {side!r}"
                    )
        return self

    @cached_property
    def belligerent_slugs(self) -> frozenset[str]:
        """The slugs of the belligerents."""
        return frozenset(belligerent.slug for belligerent in self.belligerents)

    @cached_property
    def belligerent_slugs_in_order(self) -> tuple[str, ...]:
        """The slugs of the belligerents, in the order of the file."""
        return tuple(belligerent.slug for belligerent in self.belligerents)

    @cached_property
    def category_slugs_in_order(self) -> tuple[str, ...]:
        """The slugs of the categories, in the order of the file."""
        return tuple(category.slug for category in self.categories)

    @cached_property
    def category_slugs(self) -> frozenset[str]:
        """The slugs of the categories."""
        return frozenset(category.slug for category in self.categories)

    def named(self, names: dict[str, str], language: str) -> str:
        """Returns a name in a language, or in the first language of the theatre that has one."""
        for tried in (language, *self.languages):
            if tried in names:
                return names[tried]
        return next(iter(names.values()))


def read_theatre(path: Path) -> Theatre:
    """Reads and validates the file of the theatre.

    Raises:
        TheatreError: the file is missing, is not TOML, or has an invalid value; the message names
            the key.
    """
    try:
        return Theatre.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise TheatreError(f"Cannot read the theatre {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TheatreError(f"{path} is not valid TOML: {error}") from error
    except ValidationError as error:
        errors = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'theatre'}: {one['msg']}" for one in error.errors())
        raise TheatreError(f"{path}: {errors}") from error
