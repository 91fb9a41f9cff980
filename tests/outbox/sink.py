"""A real mail server on loopback that keeps what it is given, and fails in the way it is told to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.live import free_port

Failing = Callable[["Sink", str, str], str | None]


class Sink:
    """What arrived, by Message-ID. `failing(sink, step, recipient)` may answer instead of the server.

    An answer of "drop" closes the line without a word, "keep and drop" takes the mail first.
    """

    def __init__(self, failing: Failing | None = None) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.lines = 0
        self._failing = failing or (lambda sink, step, recipient: None)

    @property
    def arrived(self) -> Counter[str]:
        """How often each row's id arrived."""
        return Counter(str(mail["Message-ID"])[1:].partition("@")[0] for mail in self.mails)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, replies: list[str]
    ) -> list[str]:
        self.lines += 1
        session.host_name = name
        return replies

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if told := self._failing(self, "MAIL", address):
            return self._drop(server) if told == "drop" else told
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if told := self._failing(self, "RCPT", address):
            return self._drop(server) if told == "drop" else told
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        told = self._failing(self, "DATA", envelope.rcpt_tos[0])
        if told and told != "keep and drop":
            return self._drop(server) if told == "drop" else told
        raw = envelope.content
        assert isinstance(raw, bytes)
        self.mails.append(message_from_bytes(raw, policy=default))  # type: ignore[arg-type]
        self.recipients += envelope.rcpt_tos
        return self._drop(server) if told else "250 taken"

    def _drop(self, server: SMTP) -> str:
        assert server.transport
        server.transport.abort()
        return "421 gone"


@contextmanager
def listening(failing: Failing | None = None) -> Iterator[tuple[Sink, str]]:
    """A sink and its address for HIRING_SMTP_URL."""
    sink = Sink(failing)
    port = free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    try:
        yield sink, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
