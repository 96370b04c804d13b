"""Patients' own calendars: by address, by invitation, or both, and nothing twice (H15). The father
gets nothing.
"""

import email
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from calendar_client import CalendarClient, subscribed
from household import NOW, SECRETS, TODAY, Household, place
from scheduler import feeds, ical
from scheduler.invitations import Outcome, announce, lint, receive
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.outbox.models import Basis, Letter, LetterState
from scheduler.people import calendar_choice, choose_calendar, person_by_key
from scheduler.people.models import Person, PersonKind, Way
from scheduler.programs import Kind, Seats
from scheduler.programs.models import Enrolment
from scheduler.sessions import cancel
from scheduler.sessions.models import Session

Span = tuple[datetime, datetime]


@pytest.fixture
def home(home: Household) -> Household:
    home.consent()
    return home


class Desk:
    """A patient's two calendars, the subscribed one and the one behind their mail, as time goes
    on.
    """

    def __init__(self, person: Person) -> None:
        self.person = person
        self.at = NOW
        self.secret = feeds.make(person, by="command", now=NOW)
        self.mail = CalendarClient(person.email)

    def chooses(self, way: Way, *, first_names: bool = False) -> None:
        """Choose, and let the worker follow."""
        choose_calendar(
            self.person, way=way, first_names=first_names, by=self.person.key, now=self.at
        )
        self.works()

    def works(self, *, carries: bool = True) -> None:
        """Compare, carry what waits, write calendars anew; the post office may be away."""
        self.at += timedelta(minutes=5)
        announce(by="worker", now=self.at)
        feeds.refresh(now=self.at)
        if not carries:
            return
        for letter in db.session.scalars(select(Letter).where(Letter.state == LetterState.WAITING)):
            assert lint(letter.mime, SECRETS, recipient=letter.address) == []
            letter.state, letter.sent_at = LetterState.SENT, self.at
            if letter.recipient_id == self.person.id:
                self.mail.receive(letter.mime)

    @property
    def body(self) -> bytes:
        served = feeds.serve(self.secret, now=self.at)
        assert served is not None
        assert served.body is not None
        return served.body

    def shows(self) -> tuple[list[Span], list[Span]]:
        """What comes by invitation and what by address."""
        return self.mail.shows(), subscribed(self.body)


def spans(*sessions: Session) -> list[Span]:
    return sorted((one.starts_at, one.ends_at) for one in sessions)


def fortnight(home: Household) -> tuple[list[Session], list[Session]]:
    """Four family appointments of Jordan's own, and four groups."""
    own = [home.appointment(1 + 7 * week, week=week) for week in range(4)]
    groups = [
        home.slot(7 * week, kind=Kind.GROUP, seats=Seats.PATIENTS, slot="skills")
        for week in range(4)
    ]
    return own, groups


def letters_to(person: Person) -> list[Letter]:
    return list(
        db.session.scalars(
            select(Letter).where(Letter.recipient_id == person.id).order_by(Letter.created_at)
        )
    )


def calendar_part(letter: Letter) -> bytes:
    parts = email.message_from_bytes(letter.mime).walk()
    (part,) = [each for each in parts if each.get_content_type() == "text/calendar"]
    return bytes(part.get_payload(decode=True))


def test_patient_who_never_chose_has_the_address_alone(home: Household) -> None:
    own, groups = fortnight(home)
    desk = Desk(home.jordan)

    desk.works()

    assert desk.shows() == ([], spans(*own, *groups))
    assert calendar_choice(home.jordan).way is Way.FEED


@pytest.mark.parametrize("way", list(Way))
def test_each_way_shows_everything_once(home: Household, way: Way) -> None:
    own, groups = fortnight(home)
    desk = Desk(home.jordan)

    desk.chooses(way)

    everything = spans(*own, *groups)
    by_way = {
        Way.FEED: ([], everything),
        Way.INVITATIONS: (everything, []),
        Way.BOTH: (spans(*own), spans(*groups)),
    }
    assert desk.shows() == by_way[way]
    assert letters_to(home.father) == []


@pytest.mark.parametrize("first", list(Way))
@pytest.mark.parametrize("then", list(Way))
def test_changing_ones_mind_leaves_nothing_out_and_nothing_twice(
    home: Household, first: Way, then: Way
) -> None:
    own, groups = fortnight(home)
    desk = Desk(home.jordan)
    desk.chooses(first)

    desk.chooses(then)
    mailed, fed = desk.shows()

    assert sorted(mailed + fed) == spans(*own, *groups)


def test_changing_ones_mind_in_the_middle_keeps_the_past_where_it_was(home: Household) -> None:
    own, groups = fortnight(home)
    desk = Desk(home.jordan)
    desk.chooses(Way.INVITATIONS)
    desk.at = own[1].ends_at

    desk.chooses(Way.FEED)

    assert desk.shows() == (spans(*own[:2], *groups[:2]), spans(*own[2:], *groups[2:]))


def test_moved_and_cancelled_sessions_reach_an_invited_patient(home: Household) -> None:
    own, groups = fortnight(home)
    desk = Desk(home.jordan)
    desk.chooses(Way.INVITATIONS)
    place(own[1], own[1].starts_at.replace(tzinfo=None) + timedelta(hours=1))
    cancel(groups[2], by="desk", now=NOW)
    db.session.flush()

    desk.works()

    assert desk.shows() == (spans(*own, *groups[:2], groups[3]), [])


def test_invitation_of_ones_own_stands_on_no_grant(home: Household) -> None:
    home.appointment(1)
    Desk(home.jordan).chooses(Way.INVITATIONS)

    (letter,) = letters_to(home.jordan)
    row = db.session.scalars(select(Invitation).where(Invitation.person_id == home.jordan.id)).one()

    assert (letter.basis, letter.grant_id, letter.subject_id, letter.purpose) == (
        Basis.SELF,
        None,
        None,
        None,
    )
    assert (row.grant_id, row.patient_id) == (None, home.jordan.id)


def test_invitation_of_somebody_else_without_a_grant_is_refused_by_the_database(
    home: Household,
) -> None:
    home.appointment(1)
    announce(by="worker", now=NOW)
    row = db.session.scalars(select(Invitation).where(Invitation.person_id == home.mother.id)).one()

    row.grant_id = None
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_invitation_of_ones_own_cannot_be_turned_to_the_father(home: Household) -> None:
    home.appointment(1)
    Desk(home.jordan).chooses(Way.INVITATIONS)
    letter = letters_to(home.jordan)[0]
    words = {
        name: getattr(letter, name)
        for name in ("kind", "basis", "mime", "message_id", "due_at", "created_at")
    }

    db.session.add(
        Letter(dedupe_key="x", recipient_id=home.father.id, address=home.father.email, **words)
    )
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.parametrize("key", ["mother", "father"])
def test_relative_does_not_choose(home: Household, key: str) -> None:
    with pytest.raises(InputError):
        choose_calendar(getattr(home, key), way=Way.FEED, first_names=False, by="desk", now=NOW)


def test_titles_with_first_names_are_for_patients(home: Household) -> None:
    with pytest.raises(InputError):
        choose_calendar(home.rivera, way=Way.FEED, first_names=True, by="desk", now=NOW)


@pytest.mark.parametrize("way", list(Way))
def test_clinician_chooses_as_patients_do(home: Household, way: Way) -> None:
    own, groups = fortnight(home)
    desk = Desk(home.rivera)
    desk.chooses(way)
    everything = spans(*own, *groups)
    by_way = {
        Way.FEED: ([], everything),
        Way.INVITATIONS: (everything, []),
        Way.BOTH: (spans(*own), spans(*groups)),
    }
    chosen = desk.shows()
    cancel(own[1], by="desk", now=NOW)
    desk.works()
    after = sorted([*desk.mail.shows(), *subscribed(desk.body)])

    assert (chosen, after) == (by_way[way], spans(own[0], *own[2:], *groups))
    assert (letters_to(home.father), letters_to(home.jordan)) == ([], [])


def test_another_patients_choice_changes_nothing_for_jordan(home: Household) -> None:
    _, groups = fortnight(home)
    desk, other = Desk(home.jordan), Desk(home.tess)
    other.chooses(Way.INVITATIONS)

    assert letters_to(home.jordan) == []
    assert (len(desk.shows()[1]), other.shows()) == (8, (spans(*groups), []))


def test_relative_with_invitations_has_a_feed_without_them_h15(home: Household) -> None:
    own, _ = fortnight(home)
    desk = Desk(home.mother)
    before = subscribed(desk.body)

    desk.works()

    assert (before, desk.shows()) == (spans(*own), (spans(*own), []))


@pytest.mark.parametrize(
    ("sender", "outcome"), [("p-1", Outcome.STORED), ("p-1-father", Outcome.HELD)]
)
def test_answer_to_a_patients_own_invitation_counts_from_their_mailbox_alone(
    home: Household, sender: str, outcome: Outcome
) -> None:
    home.appointment(1)
    Desk(home.jordan).chooses(Way.INVITATIONS)
    (letter,) = letters_to(home.jordan)
    said = ical.reply(
        calendar_part(letter),
        attendee=ical.Party(home.jordan.email),
        answer="ACCEPTED",
        stamp=NOW + timedelta(minutes=6),
    )

    mail = EmailMessage()
    mail["From"] = person_by_key(sender).email
    mail.add_alternative(said, maintype="text", subtype="calendar", params={"method": "REPLY"})

    assert receive(mail.as_bytes(), by="reply", now=NOW + timedelta(minutes=7)).outcome is outcome


def test_new_address_of_an_invited_patient_takes_everything_along(home: Household) -> None:
    own, groups = fortnight(home)
    desk = Desk(home.jordan)
    desk.chooses(Way.INVITATIONS)
    old = desk.mail
    home.jordan.email = "new@patient.example"
    desk.at += timedelta(minutes=5)
    announce(by="worker", now=desk.at)
    new = CalendarClient("new@patient.example")
    for letter in db.session.scalars(select(Letter).where(Letter.state == LetterState.WAITING)):
        (old if letter.address == old.address else new).receive(letter.mime)

    assert (old.shows(), new.shows()) == ([], spans(*own, *groups))


def test_discharged_patient_is_told_of_nothing_more(home: Household) -> None:
    fortnight(home)
    desk = Desk(home.jordan)
    desk.chooses(Way.BOTH)
    for stay in db.session.scalars(select(Enrolment)):
        stay.last = TODAY
    db.session.flush()

    desk.works()

    assert desk.shows() == ([], [])


def test_date_that_was_over_when_its_series_was_invited_again_stays_in_the_address(
    home: Household,
) -> None:
    """The invitation begins with what is ahead; what was held before would else be in neither
    calendar.
    """
    own, groups = fortnight(home)
    desk = Desk(home.jordan)
    desk.chooses(Way.INVITATIONS)
    desk.chooses(Way.FEED)
    desk.at = own[0].ends_at + timedelta(days=1)

    desk.chooses(Way.BOTH)

    assert desk.shows() == (spans(*own[1:]), spans(own[0], *groups))


def test_titles_say_first_names_only_to_the_patient_who_asked(home: Household) -> None:
    fortnight(home)
    desk, other = Desk(home.jordan), Desk(home.tess)
    desk.chooses(Way.FEED, first_names=True)

    assert desk.body.count(b"SUMMARY:Appointment with Ana\r\n") == 2
    assert (lint(desk.body, SECRETS), b"with" in other.body) == ([], False)


def test_titles_in_spanish_and_where_leads_differ(home: Household) -> None:
    own, _ = fortnight(home)
    home.jordan.language = "es"
    chen = Person(
        key="chen", kind=PersonKind.CLINICIAN, name="Dr. Bo Chan", email="chen@sp-cal.example"
    )
    own[0].leads = [chen]
    db.session.flush()
    desk = Desk(home.jordan)
    desk.chooses(Way.FEED, first_names=True)

    summaries = sorted(
        line for line in desk.body.decode().split("\r\n") if line.startswith("SUMMARY")
    )
    assert summaries == ["SUMMARY:Cita", "SUMMARY:Cita con Ana"]


class Days:
    """Days of one patient by chance: choices, changes, an absent post office, time; everything is
    shown once.
    """

    def __init__(self, home: Household, number: int) -> None:
        self.chance = random.Random(number)
        self.sessions = [one for each in fortnight(home) for one in each]
        self.desk = Desk(home.jordan)
        self.home, self.week = home, 4

    def step(self) -> str:
        """Let one thing happen and give what."""
        what = self.chance.choice(("choose", "choose", "move", "cancel", "add", "time"))
        ahead = [one for one in self.sessions if one.starts_at > self.desk.at + timedelta(hours=3)]
        if what == "choose":
            way, named = self.chance.choice(list(Way)), self.chance.random() < 0.5
            choose_calendar(
                self.desk.person, way=way, first_names=named, by="p-1", now=self.desk.at
            )
            what = f"choose {way}"
        elif what == "add":
            self.week += 1
            self.sessions.append(
                self.home.appointment(1 + 7 * (self.week % 6), week=self.week, at="09:00")
            )
        elif what == "time":
            self.desk.at += timedelta(days=self.chance.randrange(1, 4))
        elif ahead:
            self._change(what, self.chance.choice(ahead))
        return what

    def _change(self, what: str, one: Session) -> None:
        if what == "cancel":
            cancel(one, by="desk", now=self.desk.at)
            self.sessions.remove(one)
        else:
            later = timedelta(minutes=self.chance.choice((-90, -30, 30, 90)))
            place(one, datetime.fromisoformat(one.starts_local) + later)
            one.version, one.changed_at = one.version + 1, self.desk.at
        db.session.flush()


def test_days_by_chance_show_everything_once(
    home: Household, trials: Callable[[int, int], int], seed: int
) -> None:
    for number in range(seed, seed + trials(2, 40)):
        with db.session.begin_nested() as one_life:
            days, done = Days(home, number), []
            for _ in range(12):
                done.append(days.step())
                days.desk.works(carries=days.chance.random() < 0.7)
            days.desk.works()
            mailed, fed = days.desk.shows()

            assert sorted(mailed + fed) == spans(*days.sessions), f"seed {number}: {done}"
            one_life.rollback()
        db.session.expire_all()
