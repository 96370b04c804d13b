"""What a patient reads of relatives who asked staff for silence: as if they had not."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from scheduler import consents
from scheduler.invitations import Told, announce, sessions_shown, told_dates
from scheduler.kernel.database import db
from scheduler.outbox import letters_waiting
from scheduler.outbox.models import LetterState
from scheduler.people.models import Person

BY = "silence"


@contextmanager
def as_if_unsaid(patient: Person, *, now: datetime) -> Iterator[None]:
    """Let the block see all as it stood if no relative of a patient had asked for silence, told
    what the others are told; nothing of it is kept. Rows read inside are read again afterwards.
    """
    silences = consents.own_silences([patient.id])
    if not silences:
        yield
        return
    people = {silence.person_id for silence in silences if silence.person_id is not None}
    trial = db.session.begin_nested()
    try:
        for silence in silences:
            silence.lifted_at = now
            silence.lifted_by = BY
        db.session.flush()
        had = sessions_shown(people)
        told = announce(by=BY, now=now, people=people)
        _let_left_again(told, people, had, now)
        yield
    finally:
        trial.rollback()
        db.session.expire_all()


def _let_left_again(
    told: Collection[Told], people: Collection[str], had: Collection[str], now: datetime
) -> None:
    """Count what tells again of sessions (ids) that calendars had as sent: it left before the
    silence.
    """
    letters = {letter.id: letter for letter in letters_waiting(people)}
    dates: dict[str, set[str]] = defaultdict(set)
    for date in told_dates(people):
        dates[date.uid].add(date.session_id)
    for news in told:
        letter = letters.get(news.letter_id or "")
        if letter is not None and dates[news.uid] <= set(had):
            letter.state, letter.sent_at = LetterState.SENT, now
    db.session.flush()
