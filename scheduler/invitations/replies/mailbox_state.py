"""How far the mailbox for answers has been read, and whether somebody watches it at all."""

import hashlib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from scheduler import tasks
from scheduler.invitations.model.models import MailboxWatch
from scheduler.kernel.database import db

KIND = "mailbox"
BLIND = timedelta(seconds=90)
"""A server may be away so long before anybody is told; it is dialled several times meanwhile."""
STALE = timedelta(minutes=5)
"""Looks come far more often than this; without any the watch has stopped."""
MOST_WORDS = 200
TASK = (
    "Answers that come by mail are not read: the mailbox cannot be watched ({trouble}). Tell "
    "whoever looks after your mail, and read it yourself until then."
)


def mailbox_id(url: str) -> str:
    """Return the name of a mailbox: the digest of its address, without the password."""
    parts = urlsplit(url)
    where = f"{parts.username}@{parts.hostname}:{parts.port}{parts.path}"
    return hashlib.sha256(where.encode()).hexdigest()[:32]


def read_up_to(watch_id: str, validity: str) -> int | None:
    """Return the UID up to which every mail has been dealt with, None for a mailbox that was never
    read under this UIDVALIDITY.
    """
    row = db.session.get(MailboxWatch, watch_id)
    if row is None or row.validity != validity:
        return None
    return row.last_uid


def note_look(watch_id: str, validity: str, last_uid: int | None, *, now: datetime) -> None:
    """Write down that a look has come to its end, and how far it came (None: not yet through)."""
    row = _row(watch_id)
    if last_uid is not None:
        row.validity = validity
        row.last_uid = last_uid
    was_away = row.away_since is not None
    row.looked_at = now
    row.away_since = None
    row.trouble = None
    db.session.flush()
    if was_away:
        tasks.sync_tasks(KIND, (), by="worker", now=now)


def note_away(watch_id: str, trouble: str, *, now: datetime) -> None:
    """Write down that the mailbox could not be read, and tell staff when that lasts."""
    row = _row(watch_id)
    if row.away_since is None:
        row.away_since = now
    row.trouble = _shown(trouble)
    db.session.flush()
    if now - row.away_since >= BLIND:
        words = TASK.format(trouble=row.trouble)
        matter = tasks.Matter(f"{KIND}:{watch_id}", words, None)
        tasks.sync_tasks(KIND, [matter], by="worker", now=now)


def unread_since(url: str, *, now: datetime) -> datetime | None:
    """Return since when the mailbox of this address is not watched, None when it is, or when the
    watch has only just begun.
    """
    row = db.session.get(MailboxWatch, mailbox_id(url))
    if row is None:
        return None
    if row.away_since is not None and now - row.away_since >= BLIND:
        return row.away_since
    if row.looked_at is not None and now - row.looked_at >= STALE:
        return row.looked_at
    return None


def _row(watch_id: str) -> MailboxWatch:
    row = db.session.get(MailboxWatch, watch_id)
    if row is None:
        row = MailboxWatch(id=watch_id, last_uid=0)
        db.session.add(row)
    return row


def _shown(words: str) -> str:
    """Return a server's words on one line."""
    signs = (sign if sign.isprintable() else " " for sign in words)
    return " ".join("".join(signs).split())[:MOST_WORDS] or "it does not answer"
