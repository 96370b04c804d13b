"""One conversation with an IMAP server: what is new, the bytes of one mail, and the mark \\Seen.

Nothing is ever expunged: EXPUNGE takes every letter that somebody marked as deleted (RFC 3501
6.4.3). What a server says unasked, in any order, is no answer to what was asked (RFC 3501 7).
"""

import imaplib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted

from scheduler.kernel.logs import Log
from scheduler.worker.imap_structure import put_together, wanted_parts
from scheduler.worker.mail_token import TokenCommand, xoauth2

TIMEOUT = 30.0
"""Seconds a server may take to answer anything."""
MOST_BYTES = 5 * 1024 * 1024
BEGINNING = 512 * 1024
"""Octets that are fetched of a mail that is larger than MOST_BYTES."""
BEFORE = timedelta(days=14)
"""How old a mail may be that was opened by somebody before this mailbox was ever watched."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_UID = re.compile(rb"\bUID (\d+)\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)\b")

log = Log(__name__)


class Unanswered(OSError):
    """The server did not send what it was asked for."""


class Conversation:
    """A mailbox that was signed in to; `validity` is its UIDVALIDITY."""

    def __init__(self, mailbox: BaseMailBox, *, may_mark: bool) -> None:
        self.mailbox = mailbox
        self.client = mailbox.client
        self.may_mark = may_mark
        self.validity = self._said("UIDVALIDITY") or "0"
        self.next_uid = int(self._said("UIDNEXT") or self._above_all())

    def knows_idle(self) -> bool:
        """True if the server tells by itself when a mail comes (RFC 2177)."""
        if "IDLE" in self.client.capabilities:
            return True
        _, said = self.client.capability()
        return b"IDLE" in b" ".join(line for line in said if isinstance(line, bytes)).upper()

    def uids_after(self, last: int) -> list[int]:
        """Return the UIDs above `last`, in order."""
        # "n:*" names the last mail even where its UID is lower (RFC 3501 6.4.8).
        return [uid for uid in self._search("UID", f"{last + 1}:*") if uid > last]

    def uids_at_first(self, today: date) -> list[int]:
        """Return the UIDs of what nobody has opened, or came lately, in order."""
        since = today - BEFORE
        month = MONTHS[since.month - 1]  # in English, whatever the machine speaks
        day = f"{since.day}-{month}-{since.year}"
        unseen = self._search("UNSEEN")
        return sorted({*unseen, *self._search("SINCE", day)})

    def fetched(self, uid: int) -> bytes | None:
        """Return the bytes of one mail without marking it, of a very large one the parts that may
        say something, or its beginning; None when it is gone. Raises Unanswered.
        """
        size = self._size(uid)
        if size is not None and size <= MOST_BYTES:
            return self._body(uid, "(BODY.PEEK[])", wanted=True)
        log.warning("mail_is_large", octets=size or 0)
        parts = self._telling_parts(uid) if size is not None else None
        if parts is not None:
            return parts
        return self._body(uid, f"(BODY.PEEK[]<0.{BEGINNING}>)", wanted=size is not None)

    def _telling_parts(self, uid: int) -> bytes | None:
        """Return a mail of the small parts alone that may say something; None where the server does
        not say which there are, or does not send them.
        """
        try:
            subtype, parts = wanted_parts(self._fetch(uid, "(BODYSTRUCTURE)"))
            if not parts:
                return None
            head = self._body(uid, "(BODY.PEEK[HEADER])", wanted=True)
            found = []
            for part in parts:
                fields = self._body(uid, f"(BODY.PEEK[{part.number}.MIME])", wanted=True)
                body = self._body(uid, f"(BODY.PEEK[{part.number}])", wanted=True)
                found.append((fields or b"", body or b""))
        except Unanswered:
            return None
        return put_together(head or b"", subtype, found)

    def mark_seen(self, uid: int) -> None:
        """Mark one mail as seen, and nothing else; a server that refuses it loses nothing."""
        if not self.may_mark:
            return
        status, _ = self.client.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Seen)")
        if status != "OK":
            log.warning("mail_not_marked")

    def _above_all(self) -> int:
        """Return a UID above all that are there, for a server that tells no UIDNEXT."""
        return max(self._search("ALL"), default=0) + 1

    def _search(self, *criteria: str) -> list[int]:
        status, said = self.client.uid("SEARCH", *criteria)
        if status != "OK":
            raise Unanswered("the server cannot search")
        words = b" ".join(line for line in said if isinstance(line, bytes)).split()
        return sorted({int(word) for word in words if word.isdigit()})

    def _size(self, uid: int) -> int | None:
        for line in _lines(self._fetch(uid, "(RFC822.SIZE)")):
            size = _SIZE.search(line)
            if size is not None and _is_about(uid, line):
                return int(size.group(1))
        return None

    def _body(self, uid: int, items: str, *, wanted: bool) -> bytes | None:
        said = self._fetch(uid, items)
        for place, item in enumerate(said):
            if not isinstance(item, tuple) or b"BODY[" not in item[0].upper():
                continue
            after = said[place + 1] if place + 1 < len(said) else b""
            rest = after if isinstance(after, bytes) else b""
            if _is_about(uid, item[0] + b" " + rest):
                return bytes(item[1])
        if wanted:
            raise Unanswered("the server did not send the mail")
        return None

    def _fetch(self, uid: int, items: str) -> Sequence[Any]:
        status, said = self.client.uid("FETCH", str(uid), items)
        if status != "OK":
            raise Unanswered("the server does not fetch")
        return said

    def _said(self, code: str) -> str | None:
        _, said = self.client.response(code)
        last = said[-1] if said else None
        if isinstance(last, bytes):
            return last.decode("ascii", "replace")
        return None


def _lines(said: Sequence[Any]) -> Iterator[bytes]:
    for item in said:
        yield item[0] if isinstance(item, tuple) else bytes(item or b"")


def _is_about(uid: int, line: bytes) -> bool:
    found = _UID.search(line)
    return found is not None and int(found.group(1)) == uid


@contextmanager
def conversation(url: str, tokens: TokenCommand | None = None) -> Iterator[Conversation]:
    """Sign in to the mailbox of `imaps://user:password@host:port/FOLDER`, by a token where `tokens`
    gives one; INBOX when no folder is named. The line is closed at the end, whatever the server
    does then.
    """
    parts = urlsplit(url)
    mailbox = _dialled(parts)
    try:
        _sign_in(mailbox, parts, tokens)
        folder = unquote(parts.path.strip("/")) or "INBOX"
        yield Conversation(mailbox, may_mark=_opened(mailbox, folder))
    finally:
        with suppress(Exception):
            mailbox.client.logout()
        with suppress(Exception):
            mailbox.client.shutdown()


def _dialled(parts: SplitResult) -> BaseMailBox:
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        return MailBox(host, parts.port or 993, timeout=TIMEOUT)
    return MailBoxUnencrypted(host, parts.port or 143, timeout=TIMEOUT)


def _sign_in(mailbox: BaseMailBox, parts: SplitResult, tokens: TokenCommand | None) -> None:
    user = unquote(parts.username or "")
    if tokens is None:
        mailbox.login(user, unquote(parts.password or ""), initial_folder=None)
        return
    is_old = tokens.has_kept_one
    try:
        _sign_in_by(mailbox, user, tokens.token())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        tokens.forget()
        if not is_old:
            raise
        # Tokens live for an hour or so; a new one may be taken on the same line.
        _sign_in_by(mailbox, user, tokens.token())


def _sign_in_by(mailbox: BaseMailBox, user: str, token: str) -> None:
    mailbox.client.authenticate("XOAUTH2", partial(xoauth2, user, token))


def _opened(mailbox: BaseMailBox, folder: str) -> bool:
    """Open a folder; True if mails in it may be marked."""
    try:
        mailbox.folder.set(folder)
    except imaplib.IMAP4.readonly:
        mailbox.folder.set(folder, readonly=True)
        return False
    return True
