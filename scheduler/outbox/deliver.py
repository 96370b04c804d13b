"""The three steps of one delivery, each a transaction of its own: claimed, handing, and what became of it."""

import random
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.exc import DatabaseError

from scheduler.kernel.database import InAMinute, db
from scheduler.outbox.carry import Fate, Outcome
from scheduler.outbox.claim import refused_by_gate, suppress
from scheduler.outbox.models import Letter, LetterState, Phase

PAUSES = (1, 2, 5, 15, 60)
"""Minutes between tries; the last one repeats."""
MOST_TRIES = 30
AFRESH = {"synchronize_session": False, "populate_existing": True}

# Both are said for every letter: built once, because building them would take longer than running them.
BEGIN = (
    update(Letter)
    .where(
        Letter.id == bindparam("letter_id"),
        Letter.owner == bindparam("letter_owner"),
        Letter.state == LetterState.SENDING,
        Letter.phase == Phase.CLAIMED,
    )
    .values(phase=Phase.HANDING, attempts=Letter.attempts + 1, lease_until=InAMinute())
    .returning(Letter)
)
LETTERS = cast(Table, Letter.__table__)
SETTLED = ("state", "reply", "reason", "sent_at", "due_at", "ambiguous")
SETTLE = (
    update(LETTERS)
    .where(LETTERS.c.id == bindparam("letter_id"), LETTERS.c.fence == bindparam("letter_fence"))
    .where(LETTERS.c.phase == Phase.HANDING)
    .values(phase=None, lease_until=None, **{name: bindparam(name) for name in SETTLED})
)


def begin_handing(letter_id: str, owner: str) -> Letter | None:
    """Mark a claimed letter as being handed over and give it; None when it is no longer this worker's to send.

    The database's gate judges once more here, after the claim: a withdrawal in between keeps the letter in.
    """
    try:
        with _apart():
            asked = {"letter_id": letter_id, "letter_owner": owner}
            return db.session.scalars(BEGIN, asked, execution_options=AFRESH).one_or_none()
    except DatabaseError as error:
        if not refused_by_gate(error):
            raise
        suppress(letter_id)
        return None


def _apart() -> AbstractContextManager[object]:
    """Give what undoes a refused statement alone: SQLite does so by itself, PostgreSQL wants a savepoint."""
    return nullcontext() if db.session.connection().dialect.name == "sqlite" else db.session.begin_nested()


def settle(letter: Letter, outcome: Outcome, *, now: datetime) -> bool:
    """Write down what became of the attempt; False when a later owner has taken the letter over meanwhile."""
    stays = {"sent_at": letter.sent_at, "due_at": letter.due_at, "ambiguous": letter.ambiguous}
    asked = {"letter_id": letter.id, "letter_fence": letter.fence, "reply": outcome.words}
    done = db.session.execute(SETTLE, asked | stays | _after(letter, outcome, now))
    return int(getattr(done, "rowcount", 0)) == 1


def gives_up(letter: Letter, outcome: Outcome) -> bool:
    """Say whether this attempt was the last: refused for good, or tried often enough."""
    return outcome.fate is Fate.REFUSED or (outcome.fate is not Fate.SENT and letter.attempts >= MOST_TRIES)


def give_back(letter: Letter) -> None:
    """Put back a letter whose mail server could not be reached: nothing of it has left, and no try is counted."""
    db.session.execute(
        update(Letter)
        .where(Letter.id == letter.id, Letter.fence == letter.fence, Letter.phase == Phase.HANDING)
        .values(state=LetterState.WAITING, phase=None, lease_until=None, attempts=Letter.attempts - 1)
    )


def _after(letter: Letter, outcome: Outcome, now: datetime) -> dict[str, object]:
    if outcome.fate is Fate.SENT:
        return {"state": LetterState.SENT, "sent_at": now, "reason": None}
    if gives_up(letter, outcome):
        return {"state": LetterState.SET_ASIDE, "reason": outcome.words}
    unknown = 1 if outcome.fate is Fate.UNKNOWN else 0
    return {
        "state": LetterState.RETRY,
        "due_at": now + _pause(letter.attempts),
        "ambiguous": letter.ambiguous + unknown,
        "reason": outcome.words,
    }


def _pause(attempts: int) -> timedelta:
    minutes = PAUSES[min(attempts, len(PAUSES)) - 1]
    return timedelta(minutes=minutes * random.uniform(0.8, 1.2))  # noqa: S311 - spreads tries, guards nothing
