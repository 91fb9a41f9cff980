"""The one page that says who listens to what, and who answers which question.

Listeners run in this order, in the transaction of the act; the ledger comes last. A room that must
not know an event is reached by an adapter of two lines that hands it plain values.
"""

from __future__ import annotations

from hiring.accounts import settings
from hiring.kernel import queue
from hiring.kernel.events import forget_listeners, listen
from hiring.kernel.gather import answer, forget_answers
from hiring.kernel.promises import Promises
from hiring.openings import mail as openings_mail
from hiring.openings import queries as openings
from hiring.openings.events import PersonInvited
from hiring.outbox import delivery
from hiring.outbox.letters import Letterhead


def wire() -> None:
    """Connect the rooms. Called once an application; calling it again starts from a clean page."""
    forget_listeners()
    forget_answers()
    _changes()
    _questions()
    _work()


def _changes() -> None:
    """What goes up: listen(Event, listener, …)."""
    listen(PersonInvited, openings_mail.send_invitation)


def _questions() -> None:
    """What is read from above: answer(Question, function)."""
    answer(Letterhead, lambda asked: settings.organisation())
    answer(Promises, openings.promises)


def _work() -> None:
    """What the worker sweeps: queue.sweeps(name, function)."""
    queue.sweeps("outbox", delivery.deliver)
