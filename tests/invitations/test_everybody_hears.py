"""A life by chance against a naive reading: everybody whose next seven days changed is told once,
by a letter of one kind. The father hears of nothing.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from household import NOW, SECRETS, Household
from scheduler.invitations import announce, lint, unheard_changes
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import choose_calendar
from scheduler.people.models import Person, Way
from scheduler.programs import Kind, Seats
from scheduler.sessions import cancel, edit_sessions
from scheduler.sessions.lifecycle import move
from scheduler.sessions.models import Session, Status
from scheduler.sessions.rescheduling import meeting_at

WEEK = timedelta(days=7)
Belief = dict[str, datetime | None]
"""By session (id): when a person thinks it begins; None: not at all."""


class Naive:
    """What one person thinks of their sessions, told by letters and by nothing else."""

    def __init__(self, person: Person, sessions: list[Session]) -> None:
        self.person = person
        self.belief = self.truth(sessions)
        self.letters = 0

    def truth(self, sessions: list[Session]) -> Belief:
        """What stands, read from the rows."""
        found: Belief = {}
        for session in sessions:
            people = {person.id for person in (*session.leads, *session.patients)}
            stands = session.status is Status.SCHEDULED and self.person.id in people
            found[session.id] = session.starts_at if stands else None
        return found

    def should_hear(self, sessions: list[Session], now: datetime) -> bool:
        """Say whether the next seven days are other than believed, and believe it from now on."""
        heard = False
        for session_id, starts in self.truth(sessions).items():
            times = [at for at in (self.belief[session_id], starts) if at is not None]
            if self.belief[session_id] == starts or not times:
                continue
            if max(times) <= now:
                self.belief[session_id] = starts
            elif min(times) <= now + WEEK:
                self.belief[session_id] = starts
                heard = True
        return heard

    def letters_came(self) -> int:
        """How many letters of a change came since last asked, each neutral."""
        rows = select(Letter).where(Letter.recipient_id == self.person.id, Letter.kind == "change")
        letters = list(db.session.scalars(rows))
        fresh = len(letters) - self.letters
        self.letters = len(letters)
        for letter in letters[-fresh:] if fresh else []:
            assert lint(letter.mime, SECRETS, recipient=letter.address) == []
        return fresh


def something_happens(session: Session, chance: random.Random, now: datetime) -> None:
    """Cancel, move or put back, as it may come; what cannot be done is not done."""
    is_off = session.status is Status.CANCELLED
    if is_off and session.starts_at > now:
        move(session, meeting_at(session), by="desk", now=now)
    elif not is_off and session.starts_at > now:
        if chance.random() < 0.5:
            cancel(session, by="desk", now=now)
            return
        hours = chance.choice((-48, -2, -1, 1, 2, 26, 200))
        to = datetime.fromisoformat(session.starts_local) + timedelta(hours=hours)
        with db.session.begin_nested() as kept:
            try:
                edit_sessions(session, to=to, by="desk", now=now)
            except (Conflict, InputError):
                kept.rollback()


def test_everybody_whose_next_seven_days_changed_is_told_once(
    home: Household, seed: int, trials: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    home.consent()
    choose_calendar(home.tess, way=Way.INVITATIONS, first_names=False, by="p-2", now=NOW)
    sessions = [
        home.slot(3 * day, at=at, kind=Kind.GROUP, seats=Seats.PATIENTS, slot=f"at{at[:2]}")
        for day in range(10)
        for at in ("09:00", "14:00")
    ]
    people = [Naive(person, sessions) for person in (home.jordan, home.rivera)]
    invited = Naive(home.tess, sessions)
    now = NOW
    announce(by="worker", now=now)

    for _ in range(trials(30, 1000)):
        now += timedelta(hours=chance.randint(0, 20))
        for session in chance.sample(sessions, chance.randint(0, 3)):
            something_happens(session, chance, now)
        for _again in range(chance.randint(1, 2)):
            announce(by="worker", now=now)
        for letter in db.session.scalars(select(Letter)):
            letter.state = LetterState.SENT

        expected = [int(each.should_hear(sessions, now)) for each in people]
        assert [each.letters_came() for each in people] == expected
        assert (invited.letters_came(), unheard_changes(now=now)) == (0, [])

    told = set(db.session.scalars(select(Letter.recipient_id)))
    assert told == {home.jordan.id, home.rivera.id, home.tess.id}
