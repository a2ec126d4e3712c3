"""Writes a software bill of materials (CycloneDX) and a list of licences. Refuses a licence that is
not allowed.

The parts are the Python packages of `requirements.lock`, the packages of `package-lock.json` that
the page is built from, and what `scripts/sbom.toml` lists. Their licences are read from the
metadata of installed packages, so nothing is downloaded. The same sources give the same files.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from license_expression import AND, OR, ExpressionError, get_spdx_licensing
from packageurl import PackageURL

from app import __version__
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SBOM: Final = "sbom.cdx.json"
LICENCES: Final = "licences.md"
_LOCKED: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", re.MULTILINE)
_SPDX: Final = get_spdx_licensing()


@dataclass(frozen=True, order=True)
class Part:
    """A package, a library inside a package, a data set, or a program that Frontline uses.

    `separate` parts are not in Frontline: their licences are listed and not checked.
    """

    kind: str
    name: str
    version: str
    licence: str
    separate: bool = False
    served: bool = False


@dataclass
class Parts:
    """Reads the parts of a checkout; `problems` are sentences about what is wrong."""

    root: Path
    stated: Mapping[str, Any]
    problems: list[str]

    def read(self) -> list[Part]:
        """Returns all parts, sorted."""
        corrections = dict(self.stated["corrections"])
        parts = [
            *self._python((self.root / "requirements.lock").read_text(encoding="utf-8"), corrections),
            *self._node(json.loads((self.root / "package-lock.json").read_text(encoding="utf-8")), corrections),
            *(
                Part(one["kind"], one["name"], "", one["licence"], separate, one.get("served", False))
                for group, separate in (("included", False), ("separate", True))
                for one in self.stated[group]
            ),
        ]
        for name in corrections:
            self.problems.append(f"{name}: remove its correction from scripts/sbom.toml. It is not used.")
        self._check_licences(parts)
        self._check_notice(parts, (self.root / "NOTICE").read_text(encoding="utf-8"))
        return sorted(parts)

    def _python(self, lock: str, corrections: dict[str, Any]) -> Iterable[Part]:
        licences: dict[str, str] = {}
        for name, version in _LOCKED.findall(lock):
            if name not in licences:  # some packages have a version for each version of Python
                licences[name] = self._licence(name, _declared_by(name), corrections)
            yield Part("pypi", name, version, licences[name])

    def _node(self, lock: Mapping[str, Any], corrections: dict[str, Any]) -> Iterable[Part]:
        for path, package in lock["packages"].items():
            name = path.rpartition("node_modules/")[2]
            if name and not package.get("dev") and not package.get("optional"):
                licence = self._licence(name, package.get("license", ""), corrections)
                yield Part("npm", name, package["version"], licence, served=name not in self.stated["build"])

    def _licence(self, name: str, declared: str, corrections: dict[str, Any]) -> str:
        """Returns the SPDX expression of a package: what it declares, or its correction."""
        if is_expression(declared):
            return declared
        correction = corrections.pop(name, None)
        if correction is None or correction["declared"] != declared:
            self.problems.append(
                f"{name} declares {declared!r}, which is no SPDX expression. Read its licence file and add to"
                f" [corrections] of scripts/sbom.toml: {name} = {{ declared = {declared!r}, licence = … }}"
            )
            return declared
        return str(correction["licence"])

    def _check_licences(self, parts: Sequence[Part]) -> None:
        allowed = frozenset(self.stated["allowed"])
        for part in parts:
            if part.separate or not is_expression(part.licence):  # the latter was reported when it was read
                continue
            if not is_allowed(_SPDX.parse(part.licence), allowed):
                self.problems.append(
                    f"{part.name} has the licence {part.licence}, which scripts/sbom.toml does not allow."
                )

    def _check_notice(self, parts: Sequence[Part], notice: str) -> None:
        for part in parts:
            name = part.name.removeprefix("@").split("/")[0]
            if part.served and not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", notice, re.IGNORECASE):
                self.problems.append(f"NOTICE does not name {part.name} ({part.licence}), which is served.")


def is_allowed(expression: Any, allowed: frozenset[str]) -> bool:
    """Tells whether somebody who uses only allowed licences may use a part: of `A OR B`, one is
    enough.
    """
    if isinstance(expression, OR | AND):
        choose = any if isinstance(expression, OR) else all
        return choose(is_allowed(one, allowed) for one in expression.args)
    return expression.render() in allowed


@cache
def is_expression(licence: str) -> bool:
    """Tells whether a text is an SPDX expression. `LicenseRef-…` names a licence of our own."""
    if licence.startswith("LicenseRef-"):
        return True
    try:
        return bool(licence) and not _SPDX.validate(licence).errors
    except ExpressionError:
        return False


def _declared_by(name: str) -> str:
    """Returns what an installed package declares: an expression, else a text, else classifiers."""
    try:
        known = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed"  # for other systems only
    texts = [*(known.get_all("License-Expression") or ()), *(known.get_all("License") or ())]
    lines = [line for text in texts for line in text.strip().splitlines()]
    classifiers = [one for one in known.get_all("Classifier") or () if one.startswith("License ::")]
    return lines[0] if lines else ", ".join(one.rpartition(" :: ")[2] for one in classifiers)


def bill_of_materials(parts: Sequence[Part]) -> str:
    """Returns the parts as CycloneDX 1.6 JSON, without the time, so that equal parts give equal
    files.
    """
    kinds = {"data": ComponentType.DATA, "program": ComponentType.APPLICATION}
    licences = LicenseFactory()
    bom = Bom(
        components=[
            Component(
                name=part.name,
                version=part.version or None,
                type=kinds.get(part.kind, ComponentType.LIBRARY),
                licenses=[licences.make_from_string(part.licence)],
                bom_ref=f"{part.kind}:{part.name}@{part.version}",
                purl=_purl(part),
            )
            for part in parts
        ],
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, repr(parts)),
    )
    bom.metadata.component = Component(
        name="frontline",
        version=__version__,
        type=ComponentType.APPLICATION,
        licenses=[licences.make_from_string("Apache-2.0")],
        bom_ref="frontline",
    )
    bom.register_dependency(bom.metadata.component, bom.components)
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    del document["metadata"]["timestamp"]
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _purl(part: Part) -> PackageURL | None:
    if part.kind not in {"pypi", "npm"}:
        return None
    group, _, name = part.name.rpartition("/")
    return PackageURL(part.kind, group or None, name, part.version)


def list_licences(parts: Sequence[Part]) -> str:
    """Returns the licences of the parts as a table in Markdown."""
    rows = [
        f"| {part.name} | {part.version} | {part.kind} | {part.licence} | {'separate' if part.separate else ''} |"
        for part in parts
    ]
    head = ["# Licences of the parts", "", "| part | version | kind | licence | |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *rows, ""])


def main(target: Path) -> int:
    """Writes both files into a folder; prints what is wrong. Returns the exit code."""
    problems: list[str] = []
    stated = tomllib.loads((PROJECT_DIRECTORY / "scripts/sbom.toml").read_text(encoding="utf-8"))
    parts = Parts(PROJECT_DIRECTORY, stated, problems).read()
    target.mkdir(parents=True, exist_ok=True)
    (target / SBOM).write_text(bill_of_materials(parts), encoding="utf-8")
    (target / LICENCES).write_text(list_licences(parts), encoding="utf-8")
    for problem in problems:
        print(problem, file=sys.stderr)  # noqa: T201 - a command
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(PROJECT_DIRECTORY / "build"))
