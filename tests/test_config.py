"""Settings: read once, refused with a sentence that names them, and listed in the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from hiring.config import SETTINGS, Config, WrongSetting

README = Path(__file__).parents[1] / "README.md"


def read(folder: Path, **settings: str) -> Config:
    """The configuration for these settings, with its data in `folder`."""
    return Config.from_environment({"HIRING_DATA_DIR": str(folder), **settings})


def test_every_setting_has_a_default(tmp_path: Path) -> None:
    config = read(tmp_path)
    assert (config.env, config.port, config.public_url) == (
        "production", 8000, "http://localhost:8000",
    )  # fmt: skip
    assert config.database_url == f"sqlite:///{tmp_path}/hiring.db"


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        (
            {"HIRING_PORT": "80a"},
            'HIRING_PORT must be a whole number between 1 and 65535, not "80a".',
        ),
        (
            {"HIRING_PORT": "65536"},
            'HIRING_PORT must be a whole number between 1 and 65535, not "65536".',
        ),
        (
            {"HIRING_HOST": "example.org"},
            "HIRING_HOST must be an address of this machine, such as 127.0.0.1 or 0.0.0.0,"
            ' not "example.org".',
        ),
        (
            {"HIRING_PUBLIC_URL": "https://example.org/hiring"},
            "HIRING_PUBLIC_URL must be an address without a path, such as"
            ' https://hiring.example.org, not "https://example.org/hiring".',
        ),
        (
            {"HIRING_PUBLIC_URL": "http://example.org"},
            'HIRING_PUBLIC_URL must begin with https://, not "http://example.org": browsers keep no'
            " sign-in otherwise. HIRING_INSECURE_HTTP=1 allows it all the same.",
        ),
        (
            {"HIRING_DATABASE_URL": "mysql://hiring:secret@localhost/hiring"},
            "HIRING_DATABASE_URL must be sqlite:///path/to/file.db or"
            " postgresql://user:password@host/name, not what it is now.",
        ),
        (
            {"HIRING_SMTP_URL": "mail.example.org"},
            "HIRING_SMTP_URL must be smtp://user:password@host:port or"
            " smtps://user:password@host:port, not what it is now.",
        ),
        (
            {"HIRING_PROT": "8000"},
            "HIRING_PROT is not a setting. The nearest name is HIRING_PORT.",
        ),
        (
            {"HIRING_CLOCK_FILE": "clock"},
            "HIRING_CLOCK_FILE works with HIRING_ENV=test only.",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_wrong_setting_is_refused_by_name(
    tmp_path: Path, setting: dict[str, str], sentence: str
) -> None:
    with pytest.raises(WrongSetting) as refused:
        read(tmp_path, **setting)
    assert str(refused.value) == sentence


def test_a_data_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WrongSetting, match=r"HIRING_DATA_DIR must be a folder that can be written"):
        read(tmp_path / "file")


def test_the_secret_is_made_once_and_is_for_us_alone(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key
    assert read(tmp_path).secret_key == first
    assert len(first) == 64
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_postgresql_is_reached_through_psycopg(tmp_path: Path) -> None:
    config = read(tmp_path, HIRING_DATABASE_URL="postgresql://me:p%40ss@db/hiring")
    assert config.database_url == "postgresql+psycopg://me:p%40ss@db/hiring"


@pytest.mark.parametrize(
    ("settings", "safe"),
    [
        ({}, True),
        ({"HIRING_HOST": "0.0.0.0"}, False),
        ({"HIRING_PUBLIC_URL": "https://hiring.example.org"}, False),
        ({"HIRING_SMTP_URL": "smtp://mail.example.org"}, False),
    ],
    ids=["alone", "reachable", "public", "with mail"],
)
def test_a_demo_is_safe_only_where_nobody_else_can_reach_it(
    tmp_path: Path, settings: dict[str, str], safe: bool
) -> None:
    assert read(tmp_path, **settings).safe_for_demo is safe


def test_the_readme_lists_every_setting() -> None:
    table = [
        f"| `{setting.name}` | {f'`{setting.default}`' if setting.default else '–'} | {setting.does} |"
        for setting in SETTINGS
    ]
    assert [line for line in table if line not in README.read_text()] == []
