"""The map's modules in one file: the same code, in the same order, and nothing that is not understood."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from app.main import MADE_URL, STATIC_DIRECTORY
from app.pages.bundles import CannotBundle, bundled, joined_styles, map_bundles, without_comments
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient


def write(folder: Path, **modules: str) -> Path:
    for name, content in modules.items():
        (folder / f"{name}.js").write_text(content, "utf-8")
    return folder / "main.js"


def run(script: str) -> str:
    done = subprocess.run(
        ["node", "--input-type=module", "-"], input=script, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_modules_run_once_each_before_those_that_import_them(tmp_path: Path) -> None:
    entry = write(
        tmp_path,
        main="""import { Words, later as tell } from "./b.js";
import { one } from "./a.js";
import "./side.js";

/** Starts. */
await tell();
console.log(new Words().said, one, "/* kept */", /^https?:\\/\\//.test("http://x"));
""",
        a="""console.log("a");
export const one = 1;
""",
        side="""import { one } from "./a.js";

console.log("side", one);
""",
        b="""export { Words } from "./c.js";
import {
  one,
} from "./a.js";
// of the heavy one
export async function later() {
  const { late } = await import("./late.js");
  console.log("late", late(one));
  await import("./late.js");
}
""",
        c="""export class Words {
  said = /** @type {string} */ ("words");
}
""",
        late="""import { one } from "./a.js";

console.log("loaded");
export function late(/** @type {number} */ n) {
  return n + one;
}
""",
    )
    script = bundled(entry)
    assert run(script).splitlines() == ["a", "side 1", "loaded", "late 2", "words 1 /* kept */ true"]
    assert not re.search(r"Starts|heavy|@type", script)
    assert script.startswith("//# allFunctionsCalledOnLoad\n"), "browsers look for the hint at the beginning alone"


@pytest.mark.parametrize(
    "form",
    [
        'import whole from "./a.js";\n',
        'import * as a from "./a.js";\n',
        'export * from "./a.js";\n',
        "export default 1;\n",
        "export let changes = 1;\n",
        "const a = 1;\nexport { a };\n",
        'export { one as two } from "./a.js";\n',
        "console.log(import.meta.url);\n",
        'import { gone } from "./gone.js";\n',
        "await import(`./${1}.js`);\n",
        "export const exported = 1;\n",
        'import { one } from "./main.js";\n',
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, form: str) -> None:
    with pytest.raises(CannotBundle):
        bundled(write(tmp_path, main=form, a="export const one = 1;\n"))


def test_without_comments_the_code_of_every_module_is_the_same() -> None:
    sources = {
        path.relative_to(STATIC_DIRECTORY).as_posix(): path.read_text("utf-8")
        for path in sorted((STATIC_DIRECTORY / "js").rglob("*.js"))
    }
    pairs = {name: (source, without_comments(source)) for name, source in sources.items()}
    done = subprocess.run(
        ["node", PROJECT_DIRECTORY / "tests" / "js" / "support" / "same-code.mjs"],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == []


def test_styles_are_joined_without_comments(tmp_path: Path) -> None:
    for name, content in {"a": "/* a */\n.a { color: red; } /* why */\n", "b": '.b::after { content: "/"; }\n'}.items():
        (tmp_path / f"{name}.css").write_text(content)
    assert joined_styles([tmp_path / "a.css", tmp_path / "b.css"]) == '.a { color: red; }.b::after { content: "/"; }\n'


def test_the_map_has_one_script_and_one_sheet_of_its_own_that_any_cache_may_keep(client: TestClient) -> None:
    page = client.get("/").text
    made = map_bundles(STATIC_DIRECTORY)
    assert re.findall(r'<script type="module"[^>]* src="([^"]+)"', page) == [f"{MADE_URL}/{made.script}"]
    assert f'<link rel="stylesheet" href="{MADE_URL}/{made.styles}">' in page
    for name, kind in ((made.script, "text/javascript"), (made.styles, "text/css")):
        for encoding in ("br", "gzip", "identity"):
            answer = client.get(f"{MADE_URL}/{name}", headers={"Accept-Encoding": encoding})
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith(kind)
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert answer.headers.get("content-encoding", "identity") == encoding
            assert answer.text == made.files[name]
    assert client.get(f"{MADE_URL}/map-000000000000.js").status_code == 404
    assert client.post(f"{MADE_URL}/{made.script}").status_code == 405
