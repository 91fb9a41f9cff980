"""The house rules that machines can check: who imports whom, what lies where, how long it is."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports
from sqlalchemy.orm import Mapper

from hiring.kernel.database import Base
from hiring.kernel.guards import rule_of

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
HOUSE = ROOT / "hiring"
MODULES = sorted([*HOUSE.rglob("*.py"), ROOT / "wsgi.py"])
# Files that name a real thing of their room's field.
NAMED = {
    "accounts": {"colour", "door", "security", "settings", "sign_ins", "zones"},
    "assessments": {
        "bundles",
        "changes",
        "drafting",
        "frozen",
        "kinds",
        "parts",
        "pictures",
        "sheets",
        "shelf",
        "shipped",
        "shown",
    },
    "attempts": {
        "aliases",
        "arriving",
        "asking",
        "binding",
        "blind",
        "blinding",
        "closing",
        "copies",
        "erasing",
        "face",
        "letters",
        "masking",
        "timer",
        "uploads",
    },
    "openings": {
        "agreed",
        "advancing",
        "applications",
        "applying",
        "columns",
        "dialects",
        "erasing",
        "questions",
        "pilots",
        "extending",
        "guests",
        "import_reading",
        "import_running",
        "importing",
        "imports",
        "inviting",
        "letters",
        "notice",
        "panel",
        "posting",
        "returned",
        "roll",
        "sendings",
        "stations",
        "steps",
    },
    "outbox": {"delivery", "erasing", "letters", "line", "mime", "texts", "wordings"},
    "ledger": {"erasing"},
    "people": {"erasing", "lines"},
    "reviewing": {"bench", "erasing", "files"},
    "shortlists": {
        "dossier",
        "erasing",
        "frozen",
        "method",
        "pilot",
        "proposing",
        "sheet",
        "shortlist",
        "standing",
        "words",
    },
}
ACTS = {"views", "tasks", "cli"}  # where data changes: the shelves that may say writing()
# Beside them: the demo, work that is claimed, and what answers to a library or to an overdue clock.
ACTS_TOO = {
    "demo", "demo_pilot", "demo_workshop", "kernel/claims", "kernel/clearing", "kernel/database",
    "kernel/queue", "kernel/steadiness", "outbox/delivery", "accounts/door", "accounts/security",
    "accounts/sign_ins", "attempts/arriving", "attempts/closing",
}  # fmt: skip
LONGEST_FUNCTION = 40


def contract(name: str) -> dict[str, Any]:
    """One import-linter contract of pyproject.toml."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return next(found for found in linter["contracts"] if found["id"] == name)


def shelves() -> set[str]:
    """The files that any room may have."""
    return {layer.strip("()") for layer in contract("shelves")["layers"]} | {"__init__"}


def floors() -> dict[str, int]:
    """Every name of the rooms contract with its floor: a larger number may import a smaller one."""
    layers = reversed(contract("rooms")["layers"])
    return {
        name.strip("() "): floor
        for floor, layer in enumerate(layers)
        for name in layer.replace("|", ":").split(":")
    }


def rooms() -> list[Path]:
    """The folders of the house that have code in them."""
    return sorted(folder.parent for folder in HOUSE.glob("*/__init__.py"))


def floor_of(mapper: Mapper[Any]) -> int:
    """The floor on which a class is at home."""
    return floors()[mapper.class_.__module__.split(".")[1]]


def test_every_import_contract_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(cache_dir=".cache/import-linter") == EXIT_STATUS_SUCCESS, (
        capsys.readouterr().out
    )


def test_the_contract_lists_every_folder_and_every_file_of_the_roof() -> None:
    there = {room.name for room in rooms()} | {file.stem for file in HOUSE.glob("*.py")}
    assert there - {"__init__"} <= floors().keys()


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_a_room_has_only_the_shelves_and_what_its_field_names(room: Path) -> None:
    if room.name in {"kernel", "measuring"}:
        return  # nouns, not shelves
    there = {path.stem for path in room.iterdir() if path.suffix == ".py" or has_code(path)}
    assert there <= shelves() | NAMED.get(room.name, set())


def has_code(path: Path) -> bool:
    """Whether this is a package."""
    return (path / "__init__.py").exists()


def test_no_relation_leads_from_marking_to_a_person(application: object) -> None:
    reached = {m for m in Base.registry.mappers if ".reviewing." in m.class_.__module__}
    while more := {r.mapper for m in reached for r in m.relationships} - reached:
        reached |= more
    assert not [m.class_.__name__ for m in reached if ".people." in m.class_.__module__]


def test_relations_lead_down(application: object) -> None:
    wrong = [
        str(relation)
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if floor_of(relation.mapper) > floor_of(mapper)
    ]
    assert not wrong


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_why_it_exists(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text()))


def test_only_the_shelves_that_act_change_data() -> None:
    acting = {place_of(module) for module in MODULES if changes_data(module)}
    elsewhere = {place for place in acting if ACTS.isdisjoint(place.split("/")[1:])}
    assert elsewhere == ACTS_TOO, "Either these change data and should not, or they do no longer."


def place_of(module: Path) -> str:
    """A module's place in the house: `accounts/views`."""
    return (
        str(module.relative_to(HOUSE).with_suffix("")) if HOUSE in module.parents else module.stem
    )


def changes_data(module: Path) -> bool:
    """Whether a module names one of the two ways to change data, as a name or behind a dot."""
    ways = {"writing", "commit_pending"}
    tree = ast.parse(module.read_text())
    named = {
        *(
            a.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for a in node.names
        ),
        *(node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)),
        *(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)),
    }
    return bool(ways & named)


def test_no_function_is_longer_than_anyone_can_hold_in_mind() -> None:
    long = [
        f"{module.relative_to(ROOT)}:{function.lineno} {function.name} ({length} lines)"
        for module in MODULES
        for function, length in functions(module)
        if length > LONGEST_FUNCTION
    ]
    assert not long


def functions(module: Path) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    """Every function of a module with its number of lines, its docstring not counted."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            docstring = ast.get_docstring(node, clean=False)
            yield node, lines - (docstring.count("\n") + 1 if docstring else 0)


def test_every_route_says_who_may_use_it(application: Flask) -> None:
    bare = [
        endpoint for endpoint in application.view_functions if not rule_of(application, endpoint)
    ]
    assert not bare


def test_no_template_lets_two_attributes_run_into_one() -> None:
    """Jinja takes the line's end after a block and the indent before the next: `data-herehidden`."""
    joined = re.compile(r"<[a-z][^<>]*[^\s>]\{% endif %\}\n\s*\{% (if|for)")
    found = [
        f"{file.relative_to(TEMPLATES)}: {match[0][-80:]}"
        for file in TEMPLATES.rglob("*.html")
        for match in joined.finditer(file.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)
