"""Handing letters to the mail server: SMTP, and what each of its answers means."""

import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from scheduler.kernel.mail_address import wire_form
from scheduler.outbox import smtp_connection
from scheduler.outbox.smtp_connection import SecureSmtpConnection, SmtpConnection

WHOLE = 50
"""Seconds for one letter in all: less than a lease, so that no other worker can take up a letter
still in hand.
"""


class DeliveryStatus(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate of one attempt, and the mail server's words."""

    fate: DeliveryStatus
    words: str


class PostOfficeClosed(Exception):
    """The mail server cannot be reached; letters wait."""


class SmtpTransport:
    """One connection to the mail server, opened again when it is lost."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.secure = parts.scheme == "smtps"
        self.host = parts.hostname or "localhost"
        self.port = parts.port or (465 if self.secure else 587)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.starttls = (
            not self.secure and parse_qs(parts.query).get("starttls", ["required"])[0] != "off"
        )
        self._connection: SmtpConnection | None = None

    @property
    def is_open(self) -> bool:
        """True if there is a connection, as far as is known."""
        return self._connection is not None

    def open(self, until: float | None = None) -> SmtpConnection:
        """Return the connection, made until then (monotonic seconds) if there is none. Raises
        PostOfficeClosed.
        """
        if self._connection is None:
            try:
                self._connection = self._dial(time.monotonic() + WHOLE if until is None else until)
            except (OSError, smtplib.SMTPException) as error:
                raise PostOfficeClosed(f"{self.host}:{self.port}: {error}") from error
        return self._connection

    def _dial(self, until: float) -> SmtpConnection:
        # Reading the machine's certificates takes longer than many letters: only where they are
        # needed.
        context = ssl.create_default_context() if self.secure or self.starttls else None
        patience = {"timeout": smtp_connection.TIMEOUT, "until": until}
        if self.secure:
            connection: SmtpConnection = SecureSmtpConnection(
                self.host,
                self.port,
                context=context,
                **patience,
            )
        else:
            connection = SmtpConnection(self.host, self.port, **patience)
        try:
            if self.starttls:
                connection.starttls(context=context)
            if self.user:
                connection.login(self.user, self.password)
            connection.ehlo_or_helo_if_needed()
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Say goodbye, however the connection is."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.until = time.monotonic() + smtp_connection.TIMEOUT
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def hand_over(self, sender: str, recipient: str, mime: bytes) -> Outcome:
        """Try to hand one letter over and say what became of it. Raises PostOfficeClosed before
        anything was sent.
        """
        if any(sign.isspace() or not sign.isprintable() for sign in recipient):
            return Outcome(
                DeliveryStatus.REFUSED,
                "the address cannot be written: it holds a space or a control character",
            )
        try:
            ours = wire_form(sender)
            theirs = wire_form(recipient)
        except ValueError:
            return Outcome(
                DeliveryStatus.REFUSED, "the address cannot be written: its domain is none"
            )
        return self._hand_over(time.monotonic() + WHOLE, ours, theirs, mime)

    def _hand_over(self, until: float, sender: str, recipient: str, mime: bytes) -> Outcome:
        fresh = self._connection is None
        try:
            return self._converse(self.open(until), until, sender, recipient, mime)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            if fresh:
                return Outcome(DeliveryStatus.LATER, f"lost before the letter was begun: {error}")
        # The server hung up on a conversation that had stood idle; nothing has left, so a new one
        # is begun.
        return self._hand_over(until, sender, recipient, mime)

    def _converse(
        self, connection: SmtpConnection, until: float, sender: str, recipient: str, mime: bytes
    ) -> Outcome:
        """Say envelope and letter. Raises OSError and SMTPException only while nothing of the
        letter has left.
        """
        connection.until = until
        for step in self._envelope(connection, sender, recipient):
            if step is not None:
                self._start_afresh(connection)
                return step
        return self._letter(connection, mime)

    def _envelope(
        self, connection: SmtpConnection, sender: str, recipient: str
    ) -> Iterator[Outcome | None]:
        if sender.isascii() and recipient.isascii():
            wide = []
        else:
            wide = ["SMTPUTF8"]
        if wide and not connection.has_extn("smtputf8"):
            yield Outcome(DeliveryStatus.REFUSED, "the mail server takes no addresses beyond ASCII")
        verbs: tuple[tuple[str, Callable[[], tuple[int, bytes]]], ...] = (
            ("MAIL", lambda: connection.mail(sender, wide)),
            ("RCPT", lambda: connection.rcpt(recipient)),
            ("DATA", lambda: connection.docmd("data")),
        )
        for verb, say in verbs:
            connection.be_patient()
            code, words = say()
            yield None if code // 100 in {2, 3} else _outcome(verb, code, words)

    def _letter(self, connection: SmtpConnection, mime: bytes) -> Outcome:
        """Send the bytes and the final dot; from here on a silence leaves open whether it arrived
        (RFC 1047).
        """
        whole = mime if mime.endswith(b"\r\n") else mime + b"\r\n"
        try:
            connection.be_patient()
            connection.send(_dotted(whole) + b".\r\n")
            code, words = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Outcome(DeliveryStatus.UNKNOWN, f"lost before the answer: {error}")
        return (
            Outcome(DeliveryStatus.SENT, _words(words))
            if code // 100 == 2
            else _outcome("the letter", code, words)
        )

    def _start_afresh(self, connection: SmtpConnection) -> None:
        """Clear the conversation for the next letter; a server that hung up with its answer is
        dialled again.
        """
        try:
            connection.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@contextmanager
def smtp_transport(url: str) -> Iterator[SmtpTransport]:
    """Return a carrier for one round and close it after."""
    one = SmtpTransport(url)
    try:
        yield one
    finally:
        one.close()


def _dotted(mime: bytes) -> bytes:
    """Return the bytes with every dot that begins a line doubled (RFC 5321 4.5.2)."""
    if mime.startswith(b".") or b"\n." in mime:
        return re.sub(rb"(?m)^\.", b"..", mime)
    return mime


def _outcome(verb: str, code: int, words: bytes | str) -> Outcome:
    """4xx may pass later, 5xx never will (RFC 5321 4.2.1)."""
    said = f"{verb}: {code} {_words(words)}"
    return Outcome(DeliveryStatus.REFUSED if code // 100 == 5 else DeliveryStatus.LATER, said)


def _words(words: bytes | str) -> str:
    return (words.decode("utf-8", "replace") if isinstance(words, bytes) else words)[:300]
