"""The README says what is so: its settings are the code's, its rooms are the folders, and it is short."""

from __future__ import annotations

import re
from pathlib import Path

from hiring.config import SETTINGS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_every_setting_stands_in_its_table_with_its_default() -> None:
    rows = re.findall(r"^\| `(HIRING_\w+)` \| (.+?) \| (.+?) \|$", README, flags=re.MULTILINE)
    expected = [(s.name, f"`{s.default}`" if s.default else "–", s.does) for s in SETTINGS]
    assert rows == expected


def test_every_room_stands_in_its_map() -> None:
    rooms = {folder.parent.name for folder in (ROOT / "hiring").glob("*/__init__.py")}
    assert rooms <= set(re.findall(r"`(\w+)`", README))


def test_what_it_links_to_is_there() -> None:
    linked = re.findall(r"\]\(([^)#]+)\)", README)
    assert [link for link in linked if not (ROOT / link).exists()] == []


def test_it_is_short() -> None:
    assert README.count("\n") < 150
