"""`flask ledger verify`: exit 0 when the chain is whole, 1 with each fault named."""

from __future__ import annotations

import sys

import click

from hiring.ledger import queries


@click.group()
def ledger() -> None:
    """The append-only list of decisions."""


@ledger.command()
@click.option("--head", help="A hash printed on a document; it must be in the chain.")
@click.option("--count", type=int, help="The number of entries printed beside it.")
def verify(head: str | None, count: int | None) -> None:
    """Recompute every hash, and look for a head that left this machine."""
    known = queries.Tip(count, head.replace(" ", "")) if head and count else None
    found = list(queries.faults(known))
    for fault in found:
        click.echo(fault, err=True)
    if found:
        sys.exit(1)
    tip = queries.tip()
    click.echo(f"The ledger is whole: {tip.number} entries, head {tip.short}.")
