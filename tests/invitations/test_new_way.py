"""Relatives choose how their sessions come: invitations, a calendar address, or both without
doubles.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from calendar_client import CalendarClient, Span, subscribed
from household import NOW, Household
from scheduler import feeds
from scheduler.consents import agenda
from scheduler.invitations import announce, change_way
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.outbox import letters_waiting
from scheduler.outbox.models import Letter, LetterState
from scheduler.people.models import Person, Way
from scheduler.programs import Kind
from scheduler.sessions import cancel, edit_sessions
from scheduler.sessions.models import Session, Status


class Reader:
    """A relative's two calendars: the one behind their mail, the one they subscribed to."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.mail = CalendarClient(person.email)
        self.token = ""
        self.chose = False

    def subscribe(self, now: datetime) -> None:
        self.token = feeds.make(self.person, by=self.person.key, now=now)

    def choose(self, way: Way, now: datetime) -> int:
        """Change their mind, and give how many letters come of it, at once and when a worker has
        come by.
        """
        self.work(now)
        self.chose = True
        change_way(self.person, way=way, by=self.person.key, now=now)
        return self.work(now)

    def work(self, now: datetime) -> int:
        """Let a worker come by; give how many letters came."""
        announce(by="worker", now=now)
        feeds.refresh(now=now)
        letters = letters_waiting([self.person.id])
        for letter in sorted(letters, key=lambda letter: letter.sequence or 0):
            self.mail.receive(letter.mime)
            letter.state, letter.sent_at = LetterState.SENT, now
        db.session.flush()
        return len(letters)

    def mailed(self, now: datetime) -> list[Span]:
        return [span for span in self.mail.shows() if span[0] > now]

    def fed(self, now: datetime) -> list[Span]:
        served = feeds.serve(self.token, now=now) if self.token else None
        if served is None or served.body is None:
            return []
        return [span for span in subscribed(served.body) if span[0] > now]


def spans(*sessions: Session) -> list[Span]:
    return sorted((session.starts_at, session.ends_at) for session in sessions)


def test_address_without_a_choice_shows_everything(home: Household) -> None:
    home.consent()
    sessions = [home.appointment(1), home.appointment(8, week=2)]
    mother = Reader(home.mother)
    mother.work(NOW)

    mother.subscribe(NOW)

    assert (mother.mailed(NOW), mother.fed(NOW)) == (spans(*sessions), spans(*sessions))


def test_choice_of_the_address_takes_the_invitation_back_by_one_letter(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    sessions = [home.slot(1), home.slot(8), home.slot(15)]
    mother = Reader(home.mother)
    mother.work(NOW)
    mother.subscribe(NOW)

    letters = mother.choose(Way.FEED, NOW)

    assert (letters, mother.mailed(NOW), mother.fed(NOW)) == (1, [], spans(*sessions))


def test_what_more_than_one_letter_would_move_stays_where_it_came(home: Household) -> None:
    home.consent()
    sessions = [home.appointment(1), home.appointment(8, week=2)]
    mother = Reader(home.mother)
    mother.work(NOW)
    mother.subscribe(NOW)

    letters = mother.choose(Way.FEED, NOW)

    assert (letters, mother.mailed(NOW), mother.fed(NOW)) == (
        1,
        spans(sessions[1]),
        spans(sessions[0]),
    )


def test_choice_of_an_address_that_is_not_made_yet_leaves_the_invitations(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    mother = Reader(home.mother)
    mother.work(NOW)

    letters = mother.choose(Way.FEED, NOW)

    assert (letters, mother.mailed(NOW)) == (0, spans(session))


def _happens(sessions: list[Session], chance: random.Random, now: datetime) -> None:
    """Let one session be moved or called off."""
    session = chance.choice(sessions)
    if session.starts_at <= now or session.status is Status.CANCELLED:
        return
    if chance.random() < 0.3:
        cancel(session, by="desk", now=now)
        return
    to = datetime.fromisoformat(session.starts_local) + timedelta(hours=chance.choice((-2, 1, 25)))
    with db.session.begin_nested() as kept:
        try:
            edit_sessions(session, to=to, by="desk", now=now)
        except (Conflict, InputError):
            kept.rollback()


def _standing(person: Person, now: datetime) -> list[Span]:
    return spans(*(row for row, _ in agenda(person, now=now, since=now) if row.starts_at > now))


@pytest.mark.timeout(3000)
def test_changing_ones_mind_by_chance_doubles_and_loses_nothing(
    home: Household, seed: int, trials: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    home.consent(home.mother, Kind.FAMILY_THERAPY, Kind.FAMILY_WORKSHOP)
    for _life in range(trials(1, 100)):
        with db.session.begin_nested() as life:
            _live(home, chance)
            life.rollback()
    assert home.father.id not in set(db.session.scalars(select(Letter.recipient_id)))


def _live(home: Household, chance: random.Random) -> None:
    """Live twenty steps: things happen, time passes, the mother changes her mind."""
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(4)]
    sessions += [home.slot(2 + 7 * week) for week in range(4)]
    sessions += [home.slot(4 + 7 * week, at="12:00", slot="noon") for week in range(3)]
    mother = Reader(home.mother)
    now = NOW
    mother.subscribe(now)
    for _step in range(20):
        now += timedelta(hours=chance.randint(0, 20))
        deed = chance.random()
        if deed < 0.35:
            assert mother.choose(chance.choice(list(Way)), now) <= 1
        elif deed < 0.4:
            mother.subscribe(now)
        else:
            _happens(sessions, chance, now)
        mother.work(now)
        if mother.chose:
            both = sorted(mother.mailed(now) + mother.fed(now))
            assert both == _standing(home.mother, now)
