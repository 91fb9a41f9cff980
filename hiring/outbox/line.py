"""The line to the mail server, and the one thing that matters about it: was the mail handed over?

smtplib's own `sendmail` does not say how far it came, so the four steps of a mail are taken here.
Until the server answers DATA nothing was handed over; after that only its reply tells.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from types import TracebackType
from urllib.parse import unquote, urlsplit

from hiring.outbox.mime import Envelope

SECONDS = 30  # for each answer of the server
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
GONE = 421  # the server closes the line
FINE, GO_ON, NEVER = 2, 3, 5  # what the first digit of a reply says


class Postponed(Exception):  # noqa: N818
    """Certainly not delivered, and it may work later."""


class Unreachable(Postponed):
    """No mail can be handed over now: the server cannot be reached, or does not take us."""


class Rejected(Exception):  # noqa: N818
    """Certainly not delivered, and it never will be."""


class Uncertain(Exception):  # noqa: N818
    """Handed over, and no reply came: it may have been delivered."""


class Line:
    """One connection, opened when it is first needed and kept for a whole sweep."""

    def __init__(self, url: str, *, name: str) -> None:
        """`name`: how we greet the server, a host name."""
        self._url, self._name = urlsplit(url), name
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except OSError:
                self._hang_up()

    def hand_over(self, mail: Envelope) -> None:
        """Returns when the server has taken it. Raises Postponed, Rejected or Uncertain."""
        server = self._server or self._connect()
        try:
            self._announce(server, mail)
        except OSError as broken:  # smtplib's errors among them
            self._hang_up()
            raise Postponed(_words(broken)) from broken
        try:
            server.send(_stuffed(mail.content))
            code, reply = server.getreply()
        except OSError as broken:
            self._hang_up()
            raise Uncertain(_words(broken)) from broken
        self._judge(code, reply)

    def _announce(self, server: smtplib.SMTP, mail: Envelope) -> None:
        options = ["SMTPUTF8"] if mail.is_international else []
        if mail.is_international and not server.has_extn("smtputf8"):
            raise Rejected("The mail server does not know letters like these before the @.")
        code, reply = server.mail(mail.sender, options)
        if code // 100 != FINE:  # our own address is not welcome: that is not this mail's fault
            self._reset(server)
            raise Unreachable(_sentence(code, reply))
        self._judge(*server.rcpt(mail.recipient))
        server.putcmd("data")
        code, reply = server.getreply()
        if code // 100 != GO_ON:
            self._judge(code, reply)
            raise Postponed(_sentence(code, reply))

    def _judge(self, code: int, reply: bytes) -> None:
        if code // 100 == FINE:
            return
        if code == GONE or self._server is None:
            self._hang_up()
        else:
            self._reset(self._server)
        raise (Rejected if code // 100 == NEVER else Postponed)(_sentence(code, reply))

    def _reset(self, server: smtplib.SMTP) -> None:
        try:
            server.rset()
        except OSError:
            self._hang_up()

    def _connect(self) -> smtplib.SMTP:
        try:
            self._server = self._greeted()
        except OSError as broken:
            raise Unreachable(_words(broken)) from broken
        return self._server

    def _greeted(self) -> smtplib.SMTP:
        url, host = self._url, self._url.hostname or ""
        secure = ssl.create_default_context()
        server: smtplib.SMTP
        if url.scheme == "smtps":
            server = smtplib.SMTP_SSL(
                host, url.port or 465, self._name, timeout=SECONDS, context=secure
            )
        else:
            port = url.port or (587 if url.username else 25)
            server = smtplib.SMTP(host, port, self._name, timeout=SECONDS)
        server.ehlo_or_helo_if_needed()
        if url.scheme == "smtp" and host not in LOCAL:
            self._encrypt(server, secure)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        return server

    def _encrypt(self, server: smtplib.SMTP, secure: ssl.SSLContext) -> None:
        if server.has_extn("starttls"):
            server.starttls(context=secure)
            server.ehlo()
        elif self._url.username:
            server.close()
            raise OSError("The mail server offers no encryption; the password was not sent.")

    def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def _stuffed(content: bytes) -> bytes:
    """The content with leading dots doubled, and the dot that ends it (RFC 5321, 4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", content.rstrip(b"\r\n")) + b"\r\n.\r\n"


def _sentence(code: int, reply: bytes) -> str:
    return f"{code} {reply.decode(errors='replace')}"[:500]


def _words(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        raw = error.smtp_error
        return _sentence(error.smtp_code, raw if isinstance(raw, bytes) else raw.encode())
    return f"{type(error).__name__}: {error}"[:500]
