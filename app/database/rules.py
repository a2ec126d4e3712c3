"""The rules of the schema: its functions, views, triggers and grants, read from the catalogue and
compared.

Rules are plain data: for each object its parts as text. Two sets of rules are compared part by
part, and each difference is described in a sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from app.database.base import SCHEMA
from app.database.statements import read_statement

_HERE: Final = Path(__file__).parent

# Settings that change how PostgreSQL spells definitions; the same whenever rules are read.
_SPELLING: Final = {
    "search_path": "pg_catalog",
    "timezone": "UTC",
    "datestyle": "ISO",
    "intervalstyle": "postgres",
    "extra_float_digits": "1",
    "quote_all_identifiers": "off",
}

# For each object ("trigger event.before_1_apply_policy") its parts ("WHEN") as text. Stored as
# JSON.
Rules = Mapping[str, Mapping[str, str]]

_GRANT: Final = "grant "
# The kinds that a summary counts, each with the ending of its plural.
_COUNTED: Final = {"function": "s", "view": "s", "trigger": "s", "grant": "s"}
# This part repeats the others, so it is named only if none of them differs.
_WHOLE: Final = "definition"


@dataclass(frozen=True)
class Difference:
    """An object that differs between two sets of rules; None where the object is missing."""

    object: str
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that differ, as names."""
        before, after = self.before or {}, self.after or {}
        differing = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
        return tuple(name for name in differing if name != _WHOLE) or tuple(differing)


def read_rules(connection: Connection) -> dict[str, dict[str, str]]:
    """Reads the rules of the schema from the catalogue. Takes no lock that blocks other sessions.

    Args:
        connection: in a transaction; its settings are restored.
    """
    before = {name: connection.scalar(text("SELECT current_setting(:name)"), {"name": name}) for name in _SPELLING}
    _set(connection, _SPELLING)
    rows = connection.execute(text(read_statement(_HERE, "catalogue")), {"schema": SCHEMA}).all()
    _set(connection, before)
    rules: dict[str, dict[str, str]] = {}
    for row in rows:
        if row.value is not None:
            rules.setdefault(f"{row.kind} {row.name}", {})[row.part] = row.value
    return rules


def _set(connection: Connection, settings: Mapping[str, str | None]) -> None:
    for name, value in settings.items():
        connection.execute(text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})


def compare(before: Rules, after: Rules) -> list[Difference]:
    """Lists the differences between two sets of rules, sorted by object.

    Grants on an object that only one of them has are not listed.
    """
    granted_before, granted_after = _objects_with_grants(before), _objects_with_grants(after)
    return [
        Difference(name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
        and (not name.startswith(_GRANT) or _granted_object(name) in granted_before & granted_after)
    ]


def _objects_with_grants(rules: Rules) -> set[str]:
    """Returns the objects that have grants; every object has at least those of its owner."""
    return {_granted_object(name) for name in rules if name.startswith(_GRANT)}


def _granted_object(grant: str) -> str:
    """Returns the object of a grant: "view public_event" for "grant view public_event to
    frontline_public".
    """
    object_ = grant.removeprefix(_GRANT).rpartition(" to ")[0]
    # Columns are created and dropped with their tables.
    return f"table {object_.removeprefix('column ').partition('.')[0]}" if object_.startswith("column ") else object_


def describe_repairs(differences: list[Difference]) -> list[str]:
    """Describes what was done to get from `before` to `after`, a line for each object."""
    return [line for difference in differences for line in _describe_repair(difference)]


def summarize(differences: list[Difference]) -> str:
    """Summarizes in a few words how many objects of each kind were created, replaced and dropped;
    empty for none.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for difference in differences:
        kind = next((kind for kind in _COUNTED if difference.object.startswith(f"{kind} ")), None)
        verb = "created" if difference.before is None else "dropped" if difference.after is None else "replaced"
        if kind == "grant":
            verb = "changed"
        if kind:
            counts[verb, kind] += 1
    return ", ".join(
        f"{verb} {count} {kind}{'' if count == 1 else _COUNTED[kind]}" for (verb, kind), count in sorted(counts.items())
    )


def _describe_repair(difference: Difference) -> Iterator[str]:
    name, before, after = difference.object, difference.before, difference.after
    if name.startswith(_GRANT):
        where = name.removeprefix(_GRANT)
        object_, _, grantee = where.rpartition(" to ")
        if revoked := _privileges(before, after):
            yield f"revoked {revoked} on {object_} from {grantee}"
        if granted := _privileges(after, before):
            yield f"granted {granted} on {object_} to {grantee}"
    elif name.startswith("disabled foreign key "):
        yield f"enabled {name.removeprefix('disabled ')}"
    elif name.startswith("row security "):
        yield f"disabled row security of table {name.removeprefix('row security ')}"
    elif before is None:
        yield f"created {name}"
    elif after is None:
        yield f"dropped {name}"
    elif difference.parts == ("state",):
        yield f"enabled {name}: it was {before['state']}"
    else:
        yield f"replaced {name}: its {_join_names(difference.parts)} differed"


def describe_differences(differences: list[Difference]) -> list[str]:
    """Describes how the live rules (`before`) differ from those of the tree (`after`), a sentence
    for each object.
    """
    return [line for difference in differences for line in _describe_difference(difference)]


def _describe_difference(difference: Difference) -> Iterator[str]:
    name, live, wanted = difference.object, difference.before, difference.after
    if name.startswith(_GRANT):
        where = name.removeprefix(_GRANT)
        object_, _, grantee = where.rpartition(" to ")
        if extra := _privileges(live, wanted):
            yield f"{grantee} has {extra} on {object_}, which this program does not grant."
        if missing := _privileges(wanted, live):
            yield f"{grantee} lacks {missing} on {object_}, which this program grants."
    elif name.startswith("disabled foreign key "):
        yield f"The {name.removeprefix('disabled ')} is disabled."
    elif name.startswith("row security "):
        yield f"Table {name.removeprefix('row security ')} has row security, which this program does not use."
    elif live is None:
        yield f"There is no {name}."
    elif wanted is None:
        yield f"There is a {name} that this program does not have."
    elif difference.parts == ("state",):
        yield f"The {name} is {live['state']}."
    else:
        yield f"The {name} differs: {_join_names(difference.parts)}."


def _privileges(these: Mapping[str, str] | None, those: Mapping[str, str] | None) -> str:
    """Lists the privileges of `these` that `those` lacks, or has with other options."""
    others = those or {}
    return ", ".join(
        f"{privilege} with grant option" if value == "may pass it on" else privilege
        for privilege, value in sorted((these or {}).items())
        if others.get(privilege) != value
    )


def _join_names(parts: tuple[str, ...]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
