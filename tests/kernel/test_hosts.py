"""The names we answer to: the public one and this machine's own, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hiring import create_app
from hiring.config import Config
from hiring.kernel.hosts import is_ours, names_of


@pytest.mark.parametrize(
    ("public_url", "host", "ours"),
    [
        ("https://hiring.example.org", "hiring.example.org", True),
        ("https://hiring.example.org", "HIRING.example.org:443", True),
        ("https://hiring.example.org", "hiring.example.org.", True),
        ("https://hiring.example.org", "localhost:8000", True),
        ("https://hiring.example.org", "127.0.0.1", True),
        ("https://hiring.example.org", "[::1]:8000", True),
        ("https://bücher.example", "xn--bcher-kva.example", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("https://hiring.example.org", "evil.example", False),
        ("https://hiring.example.org", "hiring.example.org.evil.example", False),
        ("https://hiring.example.org", "evil.example#hiring.example.org", False),
        ("https://hiring.example.org", "x@localhost@evil.example", False),
        ("https://hiring.example.org", "[", False),
        ("https://hiring.example.org", "", False),
    ],
)
def test_a_name_is_ours_or_not(public_url: str, host: str, ours: bool) -> None:
    assert is_ours(host, names_of(public_url)) is ours


@pytest.mark.parametrize("path", ["/", "/account/login", "/healthz", "/nothing"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_under_another_name_nothing_answers_but_where_we_are(
    app: Flask, client: FlaskClient, path: str, method: str
) -> None:
    answer = client.open(path, method=method, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "We do not go by this address" in answer.text
    assert 'href="http://localhost:8000"' in answer.text
    assert "evil.example" not in answer.text


def test_a_public_installation_answers_to_its_name_and_to_whoever_watches_it(
    app: Flask, tmp_path: Path
) -> None:
    settings = {
        "HIRING_DATA_DIR": str(tmp_path), "HIRING_PUBLIC_URL": "https://hiring.example.org",
    }  # fmt: skip
    browser = create_app(Config.from_environment(settings, in_suite=True)).test_client()
    statuses = {
        host: browser.get("/healthz", headers={"Host": host}).status_code
        for host in (
            "hiring.example.org",
            "127.0.0.1:8000",
            "localhost",
            "10.0.0.7",
            "evil.example",
        )
    }
    assert list(statuses.values()) == [200, 200, 200, 400, 400]
