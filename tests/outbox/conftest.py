"""The mail server of the tests of the outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from flask import Flask

from tests.outbox.sink import Failing, Sink, listening

Server = Callable[..., Sink]


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    """Starts a mail server and lets the application send through it."""
    with ExitStack() as stack:

        def start(failing: Failing | None = None) -> Sink:
            sink, app.config["SMTP_URL"] = stack.enter_context(listening(failing))
            return sink

        yield start
    app.config["SMTP_URL"] = None
