"""Relatives choose how their sessions come: invitations, a calendar address, or both without
doubles.
"""

from datetime import datetime, timedelta

from calendar_client import CalendarClient, Span, subscribed
from household import NOW, Household
from scheduler import feeds
from scheduler.invitations import announce, change_way
from scheduler.kernel.database import db
from scheduler.outbox import letter_subject, letter_words, letters_waiting
from scheduler.outbox.models import LetterState
from scheduler.people.models import Person, Way
from scheduler.programs import Kind, Seats
from scheduler.sessions import cancel
from scheduler.sessions.models import Session


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


def test_letter_says_that_it_takes_place_at_the_address_now(home: Household) -> None:
    """A plain cancellation would read as if it had been called off."""
    home.consent()
    home.appointment(1)
    mother = Reader(home.mother)
    mother.work(NOW)
    mother.subscribe(NOW)

    change_way(home.mother, way=Way.FEED, by="p-1-mother", now=NOW)

    (letter,) = letters_waiting([home.mother.id])
    subject, words = letter_subject(letter), letter_words(letter)
    begins = "Same time, now in your subscribed calendar: Appointment "
    assert (subject.startswith(begins), "The time stays the same." in words) == (True, True)


def test_letter_of_what_is_called_off_afterwards_says_so(home: Household) -> None:
    home.consent()
    sessions = [home.appointment(1), home.appointment(8, week=2)]
    mother = Reader(home.mother)
    mother.work(NOW)
    mother.subscribe(NOW)
    mother.choose(Way.FEED, NOW)
    later = NOW + timedelta(hours=1)

    cancel(sessions[1], by="desk", now=later)
    announce(by="worker", now=later)

    (letter,) = letters_waiting([home.mother.id])
    assert letter_subject(letter).startswith("No longer on your calendar: Appointment ")


def test_patient_without_an_address_gets_everything_they_choose(home: Household) -> None:
    sessions = [home.appointment(1), home.appointment(8, week=2)]
    jordan = Reader(home.jordan)

    letters = jordan.choose(Way.INVITATIONS, NOW)

    assert (letters, jordan.mailed(NOW)) == (2, spans(*sessions))


def test_what_stayed_at_an_address_that_ends_is_invited_to(home: Household) -> None:
    home.consent()
    mother = Reader(home.mother)
    mother.subscribe(NOW)
    mother.choose(Way.FEED, NOW)
    sessions = [home.appointment(1), home.appointment(8, week=2)]
    mother.work(NOW)
    mother.choose(Way.INVITATIONS, NOW)
    stayed = mother.fed(NOW)

    feeds.end_address(home.mother, by="p-1-mother", now=NOW)
    mother.work(NOW)

    assert (stayed, mother.mailed(NOW)) == (spans(sessions[1]), spans(*sessions))


def test_patient_who_changes_to_the_address_gets_one_letter(home: Household) -> None:
    """Groups of patients alone, too, stay as they came."""
    sessions = [home.appointment(1), home.appointment(8, week=2)]
    skills = {"kind": Kind.GROUP, "seats": Seats.PATIENTS}
    sessions += [home.slot(2, slot="skills", **skills), home.slot(9, slot="talk", **skills)]
    jordan = Reader(home.jordan)
    jordan.choose(Way.INVITATIONS, NOW)
    jordan.subscribe(NOW)

    letters = jordan.choose(Way.FEED, NOW)

    both = sorted(jordan.mailed(NOW) + jordan.fed(NOW))
    assert (letters, both) == (1, spans(*sessions))
