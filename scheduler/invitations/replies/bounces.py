"""A letter that came back: a task for staff, and no try at another address; it may have been read
by somebody else.
"""

import hashlib
from datetime import datetime

from sqlalchemy import func, select

from scheduler import tasks
from scheduler.invitations.replies.bounce_report import Report
from scheduler.kernel.database import db
from scheduler.outbox.models import Channel, Letter
from scheduler.people.models import Person
from scheduler.tasks.models import Task

WORDS = (
    "A letter to {address} came back ({reason}). Ask for the right address; try no other one "
    "meanwhile. "
    "If the address was somebody else’s, earlier letters may have been read there: that may be a "
    "breach to report."
)
MOST_REASON = 120


def note_bounce(letter: Letter, reason: str, *, now: datetime) -> bool:
    """Raise a task about an address that takes no letters; False while one is open, or was raised
    the same day.
    """
    person = db.session.get(Person, letter.recipient_id)
    if person is None or letter.channel is not Channel.MAIL:
        return False
    where = hashlib.sha256(letter.address.casefold().encode()).hexdigest()[:16]
    key = f"returned:{person.id}:{where}"
    if _is_open(key):
        return False
    said = " ".join(reason.split())[:MOST_REASON] or "no reason given"
    task = tasks.raise_task(
        "returned",
        f"{key}:{now.date()}",
        WORDS.format(address=letter.address, reason=said),
        about_id=person.id,
        now=now,
    )
    return task is not None


def _is_open(key: str) -> bool:
    """True while somebody is asked to mend this address."""
    waiting = select(Task.id).where(Task.key.startswith(f"{key}:"), Task.done_at.is_(None))
    return db.session.scalar(waiting.limit(1)) is not None


def letter_of(message_id: str) -> Letter | None:
    """Return our letter with this Message-ID, None for what we never wrote."""
    bare = message_id.strip("<> ")
    letter = db.session.get(Letter, bare.partition("@")[0])
    if letter is None or letter.message_id != f"<{bare}>":
        return None
    return letter


def letters_meant(report: Report) -> list[Letter]:
    """Return our letters that a report means: by their names, which are random, else the newest to
    each address that took nothing.
    """
    named = [letter_of(message_id) for message_id in report.message_ids]
    if named:
        return [letter for letter in named if letter is not None]
    newest = [_newest_to(address) for address in report.addresses]
    return [letter for letter in newest if letter is not None]


def _newest_to(address: str) -> Letter | None:
    wanted = select(Letter).where(
        Letter.channel == Channel.MAIL,
        func.lower(Letter.address) == address.lower(),
        Letter.sent_at.is_not(None),
    )
    return db.session.scalars(wanted.order_by(Letter.sent_at.desc()).limit(1)).first()
