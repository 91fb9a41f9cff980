"""The chain: whole after many hands, broken by any change, and still whole after an erasure."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from hiring.kernel.database import session, writing
from hiring.ledger.actions import PLATFORM, append
from hiring.ledger.models import Entry, Head, Secret
from hiring.ledger.queries import Tip, faults, tip
from tests.races import together


def write(count: int = 3) -> None:
    """Append `count` decisions, one act each."""
    for number in range(count):
        with writing():
            append(
                "decision",
                actor=PLATFORM,
                subject=f"someone-{number}",
                facts={"verdict": "advance", "mean": 73.3},
                texts={"reason": "Dates what she promises."},
            )


def append_many(count: int) -> int:
    """One process's part in the race."""
    write(count)
    return count


def test_an_empty_ledger_is_whole(app: Flask) -> None:
    assert list(faults()) == []
    assert tip().number == 0


def test_each_entry_carries_the_hash_before_it(app: Flask) -> None:
    write()
    first, second, third = session.scalars(select(Entry).order_by(Entry.number))
    assert second.previous_hash == first.hash
    assert third.previous_hash == second.hash
    assert list(faults()) == []
    assert tip() == Tip(3, third.hash)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            update(Entry).where(Entry.number == 2).values(facts={"verdict": "hire"}),
            "Entry 2 was changed",
        ),
        (
            update(Entry).where(Entry.number == 2).values(actor="someone else"),
            "Entry 2 was changed",
        ),
        (
            update(Secret).where(Secret.number == 2).values(text="Another reason."),
            "“reason” of entry 2",
        ),
        (delete(Entry).where(Entry.number == 2), "Entry 2 is missing"),
        (delete(Entry).where(Entry.number == 3), "The head says 3 entries, the chain has 2."),
        (update(Head).values(number=2), "The head says 2 entries, the chain has 3."),
    ],
)
def test_any_change_is_named(app: Flask, change: object, said: str) -> None:
    write()
    with writing():
        if change.is_delete:  # type: ignore[attr-defined]
            session.execute(delete(Secret))
        session.execute(change)  # type: ignore[call-overload]
    assert said in " ".join(faults())


def test_a_cut_tail_is_seen_by_a_head_that_left_the_machine(app: Flask) -> None:
    write(2)
    printed = Tip(2, tip().hash[:16])
    assert list(faults(printed)) == []
    with writing():
        session.execute(delete(Secret).where(Secret.number == 2))
        session.execute(delete(Entry).where(Entry.number == 2))
        first = session.get_one(Entry, 1)
        session.execute(update(Head).values(number=1, hash=first.hash))
    assert list(faults()) == []
    assert "its tail was cut" in " ".join(faults(printed))


def test_erasing_a_text_leaves_the_chain_whole(app: Flask) -> None:
    write()
    with writing():
        session.execute(delete(Secret))
    assert list(faults()) == []


def test_no_text_stands_in_an_entry(app: Flask) -> None:
    write(1)
    assert "promises" not in str(session.get_one(Entry, 1).facts)


@pytest.mark.race
def test_many_processes_append_without_a_gap_or_a_fork(app: Flask) -> None:
    assert together(append_many, *[[10]] * 6) == [10] * 6
    assert tip().number == 60
    assert list(faults()) == []


def test_the_command_says_whether_it_is_whole(app: Flask) -> None:
    write(2)
    command = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert command.output == f"The ledger is whole: 2 entries, head {tip().short}.\n"
    assert command.exit_code == 0
    with writing():
        session.execute(update(Entry).where(Entry.number == 1).values(subject="another"))
    command = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert "Entry 1 was changed after it was written." in command.output
    assert command.exit_code == 1
