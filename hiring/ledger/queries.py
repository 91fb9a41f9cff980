"""Reading the ledger: its head, its entries, and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from hiring.kernel.database import session
from hiring.ledger.models import Entry, Head, Secret
from hiring.ledger.rules import GENESIS, entry_hash, text_hash


@dataclass(frozen=True)
class Tip:
    """The number of entries and the hash of the last one."""

    number: int
    hash: str

    @property
    def short(self) -> str:
        """The first sixteen letters in groups of four, as printed on documents."""
        return " ".join(self.hash[i : i + 4] for i in range(0, 16, 4))


def tip() -> Tip:
    """Where the ledger stands now."""
    head = session.get(Head, 1)
    return Tip(head.number, head.hash) if head else Tip(0, GENESIS)


def entries(kind: str = "", words: str = "") -> Select[Entry]:
    """Entries, newest first, of one kind or about one subject when asked."""
    statement = select(Entry).order_by(Entry.number.desc())
    if kind:
        statement = statement.where(Entry.kind == kind)
    if words:
        digits = words.replace(" ", "")  # pages show a hash in groups of four
        statement = statement.where((Entry.subject == words) | (Entry.hash.startswith(digits)))
    return statement


def kinds() -> list[str]:
    """The kinds that occur."""
    return list(session.scalars(select(Entry.kind).distinct().order_by(Entry.kind)))


def count(statement: Select[Entry]) -> int:
    """How many entries a statement finds."""
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def secrets_of(number: int) -> dict[str, str]:
    """The texts behind an entry's hashes that have not been erased."""
    rows = session.scalars(select(Secret).where(Secret.number == number))
    return {row.name: row.text for row in rows}


def faults(known: Tip | None = None) -> Iterator[str]:
    """Each way in which the chain is not whole, as a sentence; nothing when it is.

    A chain whose tail was cut is whole in itself: `known`, a head printed on a document or in a
    mail, must still be found in it.
    """
    number, previous, known_found = 0, GENESIS, known is None or known.number == 0
    for entry in session.scalars(
        select(Entry).order_by(Entry.number).execution_options(yield_per=500)
    ):
        number += 1
        yield from _faults_of(entry, number, previous)
        previous = entry.hash
        known_found = known_found or (
            known is not None and entry.number == known.number and entry.hash.startswith(known.hash)
        )
    if (number, previous) != (tip().number, tip().hash):
        yield f"The head says {tip().number} entries, the chain has {number}."
    if not known_found:
        yield "The head you gave is not in this chain: its tail was cut, or it is another ledger."
    yield from _faults_of_texts()


def _faults_of(entry: Entry, number: int, previous: str) -> Iterator[str]:
    if entry.number != number:
        yield f"Entry {number} is missing; the next one is {entry.number}."
    if entry.previous_hash != previous:
        yield f"Entry {entry.number} does not follow the one before it."
    if entry.hash != _hash_again(entry):
        yield f"Entry {entry.number} was changed after it was written."


def _hash_again(entry: Entry) -> str:
    return entry_hash(
        number=entry.number,
        kind=entry.kind,
        happened_at=entry.happened_at,
        actor=entry.actor,
        subject=entry.subject,
        facts=entry.facts,
        previous_hash=entry.previous_hash,
    )


def _faults_of_texts() -> Iterator[str]:
    rows = session.execute(select(Secret, Entry.facts).join(Entry, Entry.number == Secret.number))
    for secret, facts in rows:
        if facts.get("texts", {}).get(secret.name) != text_hash(secret.salt, secret.text):
            yield f"The text “{secret.name}” of entry {secret.number} was changed."
