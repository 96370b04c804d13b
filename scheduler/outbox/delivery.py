"""The three steps of one delivery, each a transaction of its own: claimed, handing, and what became
of it.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import Connection, Table, bindparam, exists, func, or_, update
from sqlalchemy.exc import DatabaseError

from scheduler.kernel.database import InAMinute, db
from scheduler.kernel.mail_address import is_spelt_one_way
from scheduler.outbox.addresses.closed_addresses import CLOSED, closed_among
from scheduler.outbox.leases import refused_by_gate, suppress
from scheduler.outbox.models import Channel, ClosedAddress, Letter, LetterState, Phase
from scheduler.outbox.smtp import DeliveryStatus, Outcome

PAUSES = (45, 120, 300, 900, 3600)
"""Seconds between tries; the last one repeats. After the first fault that passes, a letter has left
within a minute.
"""
MOST_TRIES = 30
EARLIEST = datetime.min.replace(year=1970, tzinfo=UTC)
"""Asks nothing of the hours."""


@dataclass(frozen=True, slots=True)
class HandedLetter:
    """A letter that is being handed over: what carrying it and writing down its fate need, and no
    more.
    """

    id: str
    channel: Channel
    address: str
    mime: bytes
    fence: int
    attempts: int
    due_at: datetime
    sent_at: datetime | None
    ambiguous: int


# Both are said for every letter: built once, because building them would take longer than running
# them, and of the table alone, because a row of the mapper costs as much again.
LETTERS = cast(Table, Letter.__table__)
_CLOSED = cast(Table, ClosedAddress.__table__)
_IS_CLOSED = exists().where(
    LETTERS.c.channel == Channel.MAIL,
    _CLOSED.c.opened_at.is_(None),
    _CLOSED.c.address == func.lower(LETTERS.c.address),
)
BEGIN = (
    update(LETTERS)
    .where(LETTERS.c.id == bindparam("letter_id"), LETTERS.c.owner == bindparam("letter_owner"))
    .where(LETTERS.c.state == LetterState.SENDING, LETTERS.c.phase == Phase.CLAIMED)
    .where(~_IS_CLOSED)
    .where(or_(LETTERS.c.safe_until.is_(None), LETTERS.c.safe_until > bindparam("moment")))
    .values(phase=Phase.HANDING, attempts=LETTERS.c.attempts + 1, lease_until=InAMinute())
    .returning(*(LETTERS.c[name] for name in HandedLetter.__slots__))
)
SETTLED = ("state", "reply", "reason", "sent_at", "due_at", "ambiguous")
SETTLE = (
    update(LETTERS)
    .where(LETTERS.c.id == bindparam("letter_id"), LETTERS.c.fence == bindparam("letter_fence"))
    .where(LETTERS.c.phase == Phase.HANDING)
    .values(phase=None, lease_until=None, **{name: bindparam(name) for name in SETTLED})
)
KEEP = (
    update(LETTERS)
    .where(LETTERS.c.id == bindparam("letter_id"), LETTERS.c.fence == bindparam("letter_fence"))
    .values(state=LetterState.SET_ASIDE, reason=CLOSED, attempts=LETTERS.c.attempts - 1)
    .values(phase=None, lease_until=None)
)


def begin_handing(
    letter_id: str, owner: str, *, now: datetime | None = None
) -> HandedLetter | None:
    """Mark a claimed letter as being handed over and give it; None when it is no longer this
    worker's to send, or hours have begun by `now` in which it may not arrive: then it is claimed
    again when its lease has run out.

    The database's gate judges once more here, after the claim: a withdrawal in between keeps the
    letter in.
    """
    try:
        with db.session.begin_nested():
            return begin_handing_on(db.session.connection(), letter_id, owner, now=now)
    except DatabaseError as error:
        if not refused_by_gate(error):
            raise
        suppress(letter_id)
        return None


def begin_handing_on(
    line: Connection, letter_id: str, owner: str, *, now: datetime | None = None
) -> HandedLetter | None:
    """Do the same in the transaction of `line`, which is undone when the gate refuses. Raises
    IntegrityError.
    """
    asked = {"letter_id": letter_id, "letter_owner": owner, "moment": now or EARLIEST}
    row = line.execute(BEGIN, asked).one_or_none()
    if row is None:
        return None
    letter = HandedLetter(*row)
    return None if _is_closed_otherwise_spelt(line, letter) else letter


def _is_closed_otherwise_spelt(line: Connection, letter: HandedLetter) -> bool:
    """True if the letter's address was closed under another spelling since the claim; then it is
    set aside. The statement before sees capitals alone, and only few addresses have more.
    """
    if letter.channel is not Channel.MAIL or is_spelt_one_way(letter.address):
        return False
    if not closed_among([letter.address], line):
        return False
    line.execute(KEEP, {"letter_id": letter.id, "letter_fence": letter.fence})
    return True


def settle(
    letter: HandedLetter, outcome: Outcome, *, now: datetime, line: Connection | None = None
) -> bool:
    """Write down what became of the attempt; False when a later owner has taken the letter over
    meanwhile.
    """
    stays = {
        "sent_at": letter.sent_at,
        "due_at": letter.due_at,
        "ambiguous": letter.ambiguous,
    }
    asked = {
        "letter_id": letter.id,
        "letter_fence": letter.fence,
        "reply": outcome.words,
    }
    done = (line or db.session.connection()).execute(
        SETTLE, asked | stays | _after(letter, outcome, now)
    )
    return int(getattr(done, "rowcount", 0)) == 1


def gives_up(letter: HandedLetter, outcome: Outcome) -> bool:
    """True if this attempt was the last: refused for good, or tried often enough."""
    return outcome.fate is DeliveryStatus.REFUSED or (
        outcome.fate is not DeliveryStatus.SENT and letter.attempts >= MOST_TRIES
    )


def release_handing(letter: HandedLetter) -> None:
    """Put back a letter whose mail server could not be reached: nothing of it has left, and no try
    is counted.
    """
    db.session.execute(
        update(Letter)
        .where(
            Letter.id == letter.id,
            Letter.fence == letter.fence,
            Letter.phase == Phase.HANDING,
        )
        .values(
            state=LetterState.WAITING,
            phase=None,
            lease_until=None,
            attempts=Letter.attempts - 1,
        )
    )


def _after(letter: HandedLetter, outcome: Outcome, now: datetime) -> dict[str, object]:
    if outcome.fate is DeliveryStatus.SENT:
        return {"state": LetterState.SENT, "sent_at": now, "reason": None}
    if gives_up(letter, outcome):
        return {"state": LetterState.SET_ASIDE, "reason": outcome.words}
    unknown = 1 if outcome.fate is DeliveryStatus.UNKNOWN else 0
    return {
        "state": LetterState.RETRY,
        "due_at": now + _pause(letter.attempts),
        "ambiguous": letter.ambiguous + unknown,
        "reason": outcome.words,
    }


def _pause(attempts: int) -> timedelta:
    seconds = PAUSES[min(attempts, len(PAUSES)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - spreads tries, guards nothing
