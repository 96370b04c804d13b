"""A letter that came back: a task for staff, and no try at another address; it may have been read
by somebody else.
"""

import hashlib
from datetime import datetime

from scheduler import tasks
from scheduler.kernel.database import db
from scheduler.outbox.models import Channel, Letter
from scheduler.people.models import Person

WORDS = (
    "A letter to {address} came back ({reason}). Ask for the right address; try no other one "
    "meanwhile. "
    "If the address was somebody else’s, earlier letters may have been read there: that may be a "
    "breach to report."
)


def note_bounce(letter: Letter, reason: str, *, now: datetime) -> bool:
    """Raise a task about an address that takes no letters, at most one a day; False when there is
    one already.
    """
    person = db.session.get(Person, letter.recipient_id)
    if person is None or letter.channel is not Channel.MAIL:
        return False
    where = hashlib.sha256(letter.address.casefold().encode()).hexdigest()[:16]
    key = f"returned:{person.id}:{where}:{now.date()}"
    words = WORDS.format(
        address=letter.address, reason=" ".join(reason.split())[:120] or "no reason given"
    )
    return tasks.raise_task("returned", key, words, about_id=person.id, now=now) is not None


def letter_of(message_id: str) -> Letter | None:
    """Return our letter with this Message-ID, None for what we never wrote."""
    letter = db.session.get(Letter, message_id.strip("<> ").partition("@")[0])
    return (
        letter
        if letter is not None and letter.message_id == f"<{message_id.strip('<> ')}>"
        else None
    )
