"""A letter that came back: a task for staff, and no try at another address; it may have been read
by somebody else.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from scheduler import outbox, tasks
from scheduler.invitations.reading.bounce_report import Report
from scheduler.invitations.replies.mended_addresses import KIND, close, matter_of
from scheduler.kernel.database import db
from scheduler.kernel.mail_address import spellings
from scheduler.outbox.models import Channel, Letter
from scheduler.people.models import Person
from scheduler.tasks.models import Task

WORDS = (
    "A letter to {address} came back ({reason}). Ask for the right address; try no other one "
    "meanwhile. "
    "If the address was somebody else’s, earlier letters may have been read there: that may be a "
    "breach to report."
)
NOTHING_GOES = " No letter goes there until somebody mends it: what is written waits."
MOST_REASON = 120
BY = "worker"


def note_bounce(letter: Letter, reason: str, *, for_good: bool = False, now: datetime) -> bool:
    """Raise a task about an address that takes no letters; False while one is open, or was raised
    the same day. One that failed `for_good` is not written to again until somebody mends it.
    """
    person = db.session.get(Person, letter.recipient_id)
    if person is None or letter.channel is not Channel.MAIL:
        return False
    said = " ".join(reason.split())[:MOST_REASON] or "no reason given"
    words = WORDS.format(address=letter.address, reason=said)
    leads_to = None
    if for_good:
        leads_to = close(letter.address, said, by=BY, now=now)
        words += NOTHING_GOES
    key = matter_of(person.id, letter.address)
    if _open_task(key) is not None:
        return False
    task = tasks.raise_task(
        KIND,
        f"{key}:{now.date()}",
        words,
        about_id=person.id,
        leads_to=leads_to,
        now=now,
    )
    return task is not None


def _open_task(key: str) -> str | None:
    """Return the task (id) by which somebody is asked to mend this address."""
    waiting = select(Task.id).where(Task.key.startswith(f"{key}:"), Task.done_at.is_(None))
    return db.session.scalar(waiting.limit(1))


def letter_of(message_id: str) -> Letter | None:
    """Return our letter with this Message-ID, None for what we never wrote."""
    bare = message_id.strip("<> ")
    letter = db.session.get(Letter, bare.partition("@")[0])
    if letter is None or letter.message_id != f"<{bare}>":
        return None
    return letter


def letters_behind(addresses: Iterable[str]) -> list[Letter]:
    """Return our letters whose return address is among these."""
    found = {}
    for address in addresses:
        letter_id = outbox.letter_behind(address)
        letter = db.session.get(Letter, letter_id) if letter_id else None
        if letter is not None:
            found[letter.id] = letter
    return list(found.values())


def letters_named(report: Report) -> list[Letter]:
    """Return our letters that a report names by what nobody but their reader can know."""
    named = [letter_of(message_id) for message_id in report.message_ids]
    return [letter for letter in named if letter is not None]


def letters_meant(report: Report) -> list[Letter]:
    """Return our letters that a report means: by their names, which are random, else the newest to
    each address that took nothing.
    """
    named = letters_named(report)
    if named or report.message_ids:
        return named
    newest = [_newest_to(address) for address in report.addresses]
    return [letter for letter in newest if letter is not None]


def _newest_to(address: str) -> Letter | None:
    wanted = select(Letter).where(
        Letter.channel == Channel.MAIL,
        func.lower(Letter.address).in_(spellings(address)),
        Letter.sent_at.is_not(None),
    )
    return db.session.scalars(wanted.order_by(Letter.sent_at.desc()).limit(1)).first()
