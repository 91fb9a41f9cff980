"""The demo for a running server, made by a process of its own: `python -m tests.browser.demo`.

Fills the server's fresh database, then prints, as JSON, every screen: who looks, and at which address.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import select

from hiring import create_app, serve
from hiring.accounts.models import Account
from hiring.assessments.models import Assessment, Version
from hiring.config import Config
from hiring.kernel.database import session
from hiring.openings.models import Application, Opening
from hiring.outbox.models import Message
from tests import pictures

Screen = tuple[str, str]


def fill(environment: Mapping[str, str]) -> list[Screen]:
    """Make the demo on the server of this environment; its screens, as (who, address)."""
    command = [sys.executable, "-m", "tests.browser.demo"]
    made = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return [(who, path) for who, path in json.loads(made.stdout.splitlines()[-1])]


def _screens() -> Iterator[Screen]:
    """What `make pictures` shows, and the pages behind it."""
    yield from ((_called(screen.who), screen.path) for screen in pictures.screens())
    opening = session.scalars(select(Opening)).one()
    for page in ("panel", "closing", "exports"):
        yield "rae", f"/staff/openings/{opening.id}/{page}"
    yield from _of_assessments()
    yield from _of_the_owner()
    yield "", "/account/reset"
    yield "vic", "/staff"
    yield "vic", f"/staff/openings/{opening.id}/shortlist"
    yield "rae", "/staff/ledger/verification"
    for decided in session.scalars(select(Application.id).where(Application.stage == "decided")):
        yield "rae", f"/staff/applications/{decided}"


def _called(who: str) -> str:
    """Where pictures names an account by its id, the name by which it signs in."""
    if len(who) < len(str(UUID(int=0))):
        return who
    return session.get_one(Account, UUID(who)).email.partition("@")[0]


def _of_assessments() -> Iterator[Screen]:
    base = f"/staff/assessments/{session.scalars(select(Assessment)).one().id}"
    tasks = session.scalars(select(Version)).first()
    yield "rae", f"{base}/versions/1"
    for place in range(1, len(tasks.tasks if tasks else ()) + 1):
        yield "rae", f"{base}/preview/tasks/{place}"


def _of_the_owner() -> Iterator[Screen]:
    settings = "/staff/settings"
    yield "ola", f"{settings}/staff/invitation"
    yield "ola", f"{settings}/staff/{session.scalars(select(Account.id)).first()}"
    for kind in session.scalars(select(Message.kind).distinct()).all():
        letter = session.scalars(select(Message.id).where(Message.kind == kind)).first()
        yield "ola", f"{settings}/outbox/{letter}"


def main() -> None:
    """Fill, and print the screens."""
    config = Config.from_environment(os.environ)
    serve.prepare(config)
    with create_app(config).app_context():
        print(json.dumps(list(_screens())))


if __name__ == "__main__":
    main()
