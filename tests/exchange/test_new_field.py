"""A plain field that is added to `app.fields` is imported from every format, without a change to
the import code.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from sqlalchemy import create_engine, text

from app.exchange.field_values import PLAIN_TYPES
from app.fields import CLAIM, EVENT, SOURCE
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from pathlib import Path

    from app.database.engines import DatabaseUrls

# Python imports a module of this name when it starts: here, in the program below and in the process
# that reads its files. Tables are read when modules are loaded.
CUSTOMIZATION: Final = """
import app.fields
from app.fields import CLAIM, EVENT, SOURCE, Field, Fields

PLAIN = {"title": "", "help": "", "importable": True, "plain": True, "digest": "given", "null": True}
new = [
    Field(name="emblem", type="text", most=20, **PLAIN),
    Field(name="wounded", type="number", least=0, most=500, **PLAIN),
    Field(name="road", type="word", words={"open": "Open", "closed": "Closed"}, **PLAIN),
    Field(name="marks", type="words", words={"a": "A", "b": "B"}, **PLAIN | {"null": False, "default": ()}),
    Field(name="at_night", type="flag", **PLAIN | {"null": False, "default": False}),
    Field(name="seen_at", type="moment", **PLAIN),
    Field(name="map_url", type="url", **PLAIN),
]
region = Field(name="region", type="text", most=20, **PLAIN)
basis = Field(name="basis", type="text", most=20, **PLAIN)
app.fields.EVENT = Fields("event", (*EVENT.all, *new))
app.fields.SOURCE = Fields("source", (*SOURCE.all, region))
app.fields.CLAIM = Fields("claim", (*CLAIM.all, basis))
"""

# The columns below replace the migration.
PROGRAM: Final = """
import json
import sys
from pathlib import Path

from sqlalchemy import create_engine

from app.exchange.importing import ImportOptions, import_files
from app.theatre import read_theatre

csv = (
    "src,id,date,lat,lon,text,urls,emblem,wounded,road,marks,at_night,seen_at,map_url,region\\n"
    "map,full,2025-07-21,48.25,37.13,Tank hit,https://t.me/a/1,<b>47th</b> brigade,3,open,b a,yes,2025-07-21,"
    "https://example.org/map,East of here\\n"
    "map,empty,2025-07-21,48.26,37.13,Truck hit,https://t.me/a/2,,,,,,,,\\n"
    f"map,long,2025-07-21,48.26,37.13,Truck hit,,{'x' * 21},,,,,,,\\n"
    "map,many,2025-07-21,48.26,37.13,Truck hit,,,501,,,,,,\\n"
    "map,word,2025-07-21,48.26,37.13,Truck hit,,,,half,,,,,\\n"
    "map,flag,2025-07-21,48.26,37.13,Truck hit,,,,,,maybe,,,\\n"
    "map,moment,2025-07-21,48.26,37.13,Truck hit,,,,,,,soon,,\\n"
    "map,url,2025-07-21,48.26,37.13,Truck hit,,,,,,,,javascript:1,\\n"
)
feature = {
    "type": "Feature",
    "id": "feature",
    "geometry": {"type": "Point", "coordinates": [37.13, 48.25]},
    "properties": {
        "origin": "map", "title": "Fire", "category": "other", "verification": "reported", "time_precision": "day",
        "happened_from": "2025-07-21", "happened_to": "2025-07-22",
        "emblem": "47th brigade", "wounded": 3, "road": "open", "marks": ["b", "a"], "at_night": True,
        "seen_at": "2025-07-21", "map_url": "https://example.org/map",
        "sources": [{"kind": "report", "url": "https://t.me/a/2", "region": "West"}],
        "claims": [
            {"party": "Staff", "party_kind": "unnamed", "stance": "denies", "statement": "No.", "basis": "Radio"},
        ],
    },
}
Path("file.csv").write_text(csv)
Path("file.geojson").write_text(json.dumps(feature))
Path("again.geojson").write_text(json.dumps(feature).replace("47th", "48th"))
engine = create_engine(sys.argv[1])
theatre = read_theatre(Path(sys.argv[2]))
for name, update in (("file.csv", False), ("file.csv", False), ("file.geojson", False), ("again.geojson", True)):
    kind = "events-csv" if name.endswith("csv") else "events-geojson"
    report = import_files(engine, theatre, [Path(name)], ImportOptions(kind, update=update))
    print(json.dumps([report.outcomes, sorted(report.refused), sorted(report.unknown)]))
engine.dispose()
"""


def test_new_plain_field_is_imported_without_further_code(database: DatabaseUrls, tmp_path: Path) -> None:
    owner = create_engine(database.owner)
    with owner.begin() as connection:
        connection.execute(
            text(
                "ALTER TABLE frontline.event ADD emblem text, ADD wounded integer, ADD road text, ADD map_url text,"
                " ADD seen_at timestamptz, ADD marks text[], ADD at_night boolean;"
                " ALTER TABLE frontline.source ADD region text; ALTER TABLE frontline.claim ADD basis text"
            )
        )
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "sitecustomize.py").write_text(CUSTOMIZATION, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, database.app, str(PROJECT_DIRECTORY / "theatre.toml")],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{modules}:{PROJECT_DIRECTORY}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, again, geojson, updated = map(json.loads, done.stdout.splitlines())
    assert first == [
        {"added": 2, "refused": 6},
        [
            "at_night: Must be true or false.",
            "emblem: Must be at most 20 characters long.",
            "map_url: Enter a full link that starts with https:// or http://.",
            "road: Must be one of: open, closed.",
            "seen_at: Must be a date such as 2025-07-21, or a date and time such as 2025-07-21T06:00:00Z.",
            "wounded: Must be a whole number from 0 to 500.",
        ],
        [],
    ]
    assert again[0] == {"unchanged": 2, "refused": 6}
    assert geojson == [{"added": 1}, [], []]
    assert updated == [{"updated": 1}, [], []]
    with owner.connect() as connection:
        events = connection.execute(
            text(
                "SELECT origin_id, emblem, wounded, road, marks, at_night, seen_at::date::text, map_url"
                " FROM frontline.event ORDER BY origin_id"
            )
        ).all()
        sources = connection.execute(text("SELECT canonical_url, region FROM frontline.source ORDER BY 1")).all()
        claims = connection.execute(text("SELECT statement, basis FROM frontline.claim")).all()
    owner.dispose()
    full = (3, "open", ["a", "b"], True, "2025-07-21", "https://example.org/map")
    assert [tuple(event) for event in events] == [
        ("empty", None, None, None, [], False, None, None),
        ("feature", "48th brigade", *full),
        ("full", "47th brigade", *full),
    ]
    assert [tuple(source) for source in sources] == [("https://t.me/a/1", "East of here"), ("https://t.me/a/2", "West")]
    assert [tuple(claim) for claim in claims] == [("No.", "Radio")]


def test_every_plain_field_type_has_a_reader() -> None:
    for fields in (EVENT, SOURCE, CLAIM):
        for field in fields.having(importable=True, plain=True):
            assert field.type in PLAIN_TYPES, f"{fields.record}.{field.name}"
