"""A message as it travels: headers, both forms of the letter, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr

from email_validator import EmailNotValidError, validate_email
from flask import current_app

from hiring.kernel.clock import now
from hiring.outbox.models import Message

LINE = 76  # characters of a header line in another script than Latin


class Unwritable(Exception):  # noqa: N818
    """No mail can be made of this; the text says why."""


@dataclass(frozen=True)
class Envelope:
    """A mail ready to be handed over, as plain values: no row is held while the server is spoken to."""

    sender: str
    recipient: str
    content: bytes
    tries: int

    @property
    def is_international(self) -> bool:
        """Whether the server must know SMTPUTF8: letters beyond ASCII before the @."""
        return not self.recipient.isascii()


class _Policy(EmailPolicy):
    """Long addresses in headers stay whole; words in other scripts are cut as RFC 2047 wants.

    By the older `Header`: the policy's own folding loses spaces between the words that it encodes.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if self.utf8 or value.isascii():
            return super().fold_binary(name, value)
        address = next(iter(getattr(value, "addresses", ())), None)
        words = address.display_name if address else str(value)
        lines = Header(words, "utf-8", LINE, name).encode(linesep=self.linesep)
        after = f"{self.linesep} <{address.addr_spec}>" if address else ""
        return f"{name}: {lines}{after}{self.linesep}".encode("ascii")


# The stock policy breaks a long address in a header into encoded words, which no program puts together.
POLICY = _Policy(linesep=SMTP.linesep, max_line_length=998)


def envelope(row: Message) -> Envelope:
    """The mail of this row. The row's id is its Message-ID, so that a second copy can be told."""
    sender_name, sender = parseaddr(current_app.config["MAIL_FROM"])
    recipient = _travelling(row.to_address)
    mail = EmailMessage(policy=POLICY.clone(utf8=not recipient.isascii()))
    mail["Message-ID"] = f"<{row.id}@{sender.rpartition('@')[2]}>"
    mail["Date"] = format_datetime(now())
    mail["From"] = _named(sender_name, sender)
    mail["To"] = _named(row.to_name, recipient)
    if row.reply_to:
        mail["Reply-To"] = _named("", _travelling(row.reply_to))
    mail["Subject"] = row.subject
    mail["Auto-Submitted"] = "auto-generated"  # so that no absence note answers it
    mail["Content-Language"] = row.language
    mail.set_content(row.text, cte="quoted-printable")
    mail.add_alternative(row.html, subtype="html", cte="quoted-printable")
    return Envelope(sender, recipient, mail.as_bytes(), row.tries)


def _named(name: str, address: str) -> Address:
    # `addr_spec=` would refuse letters beyond ASCII before the @
    username, _, domain = address.rpartition("@")
    return Address(name, username=username, domain=domain)


def _travelling(address: str) -> str:
    """The address with its domain in ASCII."""
    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as fault:
        raise Unwritable(str(fault)) from fault
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"
