"""Everybody hears of what changes for them, whatever way their calendar has. The father gets
nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from household import MONDAY, NOW, SECRETS, Household, move_in
from scheduler import sms
from scheduler.admissions import discharge
from scheduler.invitations import PATIENCE, announce, lint
from scheduler.invitations.model.models import ChangeNotice
from scheduler.kernel.database import db
from scheduler.outbox import Gateway, text_words, use_gateway
from scheduler.outbox.models import Channel, Letter, LetterState
from scheduler.people import choose_calendar
from scheduler.people.models import Person, Way
from scheduler.programs import Kind, Seats
from scheduler.sessions import Meeting, cancel, edit_sessions, schedule
from scheduler.sessions.lifecycle import FIELDS, move
from scheduler.sessions.models import Session, SessionChange
from scheduler.sessions.rescheduling import meeting_at

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def home(home: Household) -> Household:
    home.consent()
    return home


@pytest.fixture
def texts(home: Household) -> Iterator[None]:
    use_gateway(Gateway("https://texts.example/", "s"))
    yield
    use_gateway(None)


def group(home: Household, day: int = 0) -> Session:
    return home.slot(day, kind=Kind.GROUP, seats=Seats.PATIENTS, slot="skills")


def letters(person: Person, channel: Channel = Channel.MAIL) -> list[Letter]:
    rows = select(Letter).where(Letter.recipient_id == person.id, Letter.channel == channel)
    return list(db.session.scalars(rows.order_by(Letter.created_at, Letter.id)))


def kinds(person: Person, channel: Channel = Channel.MAIL) -> list[str]:
    return [letter.kind for letter in letters(person, channel)]


def words(letter: Letter) -> str:
    """The subject and the plain words of a letter."""
    message = message_from_bytes(letter.mime, policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return f"{message['Subject']}\n{body.get_content()}"


def later(session: Session, hours: int) -> datetime:
    return datetime.fromisoformat(session.starts_local) + timedelta(hours=hours)


def sent() -> None:
    """Let the post office have taken everything."""
    for letter in db.session.scalars(select(Letter)):
        letter.state = LetterState.SENT


def waiting(person: Person) -> list[str]:
    """What still waits for a person, by mail and as a text message, as the first words."""
    rows = select(Letter).where(
        Letter.recipient_id == person.id, Letter.state == LetterState.WAITING
    )
    found = []
    for letter in db.session.scalars(rows.order_by(Letter.channel)):
        by_text = letter.channel is Channel.TEXT
        said = text_words(letter.mime) if by_text else words(letter)
        found.append(said.replace("SP Calendar: ", "").partition(":")[0])
    return found


def back(session: Session, now: datetime) -> None:
    move(session, meeting_at(session), by="desk", now=now)


def test_cancelled_group_of_tomorrow_is_one_neutral_letter_each(home: Household) -> None:
    session = group(home)
    now = session.starts_at - timedelta(hours=20)
    announce(by="worker", now=now)

    cancel(session, by="desk", now=now)
    for minutes in (0, 1, 30):
        announce(by="worker", now=now + timedelta(minutes=minutes), patience=PATIENCE)

    told = [home.jordan, home.tess, home.rivera]
    assert [kinds(person) for person in told] == [["change"]] * 3
    assert [kinds(person) for person in (home.father, home.mother, home.aunt)] == [[], [], []]
    (letter,) = letters(home.jordan)
    assert b"text/calendar" not in letter.mime
    assert lint(letter.mime, SECRETS, recipient=letter.address) == []
    assert words(letter).startswith("No longer on your calendar: Appointment")


@pytest.mark.usefixtures("texts")
def test_cancelled_group_of_tomorrow_is_a_text_message_where_agreed(home: Household) -> None:
    session = group(home)
    now = session.starts_at - timedelta(hours=20)
    for person in (home.jordan, home.father):
        person.phone = "+16175550123" if person is home.jordan else "+16175550124"
        sms.opt_in(person, by="desk", now=NOW)

    cancel(session, by="desk", now=now)
    announce(by="worker", now=now)

    (text,) = letters(home.jordan, Channel.TEXT)
    assert (text.kind, lint(text.mime, SECRETS)) == ("change", [])
    assert kinds(home.jordan) == ["change"]
    assert [kinds(person, Channel.TEXT) for person in (home.tess, home.father)] == [[], []]


def test_change_that_is_put_back_before_anybody_heard_is_none(home: Household) -> None:
    session = group(home)
    now = session.starts_at - 3 * DAY

    cancel(session, by="desk", now=now)
    announce(by="worker", now=now, patience=PATIENCE)
    back(session, now)
    announce(by="worker", now=now + 2 * PATIENCE, patience=PATIENCE)

    assert [kinds(home.jordan), kinds(home.rivera), kinds(home.father)] == [[], [], []]


def test_session_put_back_after_it_was_told_is_told_again(home: Household) -> None:
    session = group(home)
    now = session.starts_at - 3 * DAY
    cancel(session, by="desk", now=now)
    announce(by="worker", now=now)
    sent()

    back(session, now + DAY)
    announce(by="worker", now=now + DAY)

    assert kinds(home.jordan) == ["change", "change"]
    assert words(letters(home.jordan)[-1]).startswith("Takes place after all: Appointment")
    assert kinds(home.father) == []


def test_cancelled_session_that_stands_at_another_time_is_new(home: Household) -> None:
    session = group(home)
    now = session.starts_at - 3 * DAY
    cancel(session, by="desk", now=now)
    announce(by="worker", now=now)
    sent()

    elsewhere = meeting_at(
        session,
        starts_local=later(session, 2).isoformat(timespec="minutes"),
        starts_at=session.starts_at + 2 * HOUR,
        ends_at=session.ends_at + 2 * HOUR,
    )
    move(session, elsewhere, by="desk", now=now + DAY)
    announce(by="worker", now=now + DAY)

    assert words(letters(home.jordan)[-1]).startswith("New: Appointment")
    assert kinds(home.father) == []


def test_changes_within_minutes_are_one_letter(home: Household) -> None:
    sessions = [group(home, day) for day in (0, 1, 2)]
    now = sessions[0].starts_at - 4 * DAY

    for number, session in enumerate(sessions):
        cancel(session, by="desk", now=now + timedelta(seconds=30 * number))
        announce(by="worker", now=now + timedelta(seconds=30 * number), patience=PATIENCE)
    before = kinds(home.jordan)
    announce(by="worker", now=now + PATIENCE, patience=PATIENCE)

    assert (before, kinds(home.jordan), kinds(home.father)) == ([], ["change"], [])


def test_moved_session_says_where_it_was_and_where_it_is(home: Household) -> None:
    session = group(home)
    now = session.starts_at - 3 * DAY

    edit_sessions(session, to=later(session, 1), by="desk", now=now)
    announce(by="worker", now=now)

    said = words(letters(home.jordan)[0])
    assert [part in said for part in ("Until now:", "From now on:")] == [True, True]
    assert kinds(home.father) == []


def test_change_more_than_seven_days_ahead_waits_until_it_is_near(home: Household) -> None:
    session = group(home, 14)
    now = session.starts_at - 9 * DAY

    cancel(session, by="desk", now=now)
    announce(by="worker", now=now)
    before = kinds(home.jordan)
    announce(by="worker", now=session.starts_at - 7 * DAY)

    assert (before, kinds(home.jordan), kinds(home.father)) == ([], ["change"], [])


def test_patient_who_is_invited_hears_by_invitation_alone(home: Household) -> None:
    session = group(home)
    now = session.starts_at - 3 * DAY
    choose_calendar(home.jordan, way=Way.INVITATIONS, first_names=False, by="p-1", now=NOW)
    announce(by="worker", now=now)
    letters(home.jordan)[0].state = LetterState.SENT

    edit_sessions(session, to=later(session, 1), by="desk", now=now)
    announce(by="worker", now=now)

    assert sorted(kinds(home.jordan)) == ["invitation", "update"]
    assert kinds(home.tess) == ["change"]
    assert kinds(home.father) == []


def test_new_session_of_a_running_cohort_is_told(home: Household) -> None:
    group(home)
    now = group(home, 1).starts_at - 3 * DAY

    schedule([new_meeting(home)], by="desk", now=now)
    announce(by="worker", now=now)

    assert [kinds(person) for person in (home.jordan, home.rivera)] == [["change"]] * 2
    assert [kinds(person) for person in (home.tess, home.father)] == [[], []]
    assert words(letters(home.jordan)[0]).startswith("New: Appointment")


def test_first_publication_of_a_cohort_is_no_change(home: Household) -> None:
    now = datetime.combine(MONDAY, NOW.timetz()) - DAY

    schedule([new_meeting(home)], by="desk", now=now)
    announce(by="worker", now=now)

    assert [kinds(person) for person in (home.jordan, home.rivera, home.father)] == [[], [], []]


def test_first_sessions_of_a_patient_are_no_change(home: Household) -> None:
    session = group(home)
    session.patients.remove(home.jordan)
    db.session.flush()
    now = session.starts_at - 3 * DAY

    schedule([new_meeting(home)], by="desk", now=now)
    announce(by="worker", now=now)

    assert (kinds(home.jordan), kinds(home.rivera), kinds(home.father)) == ([], ["change"], [])


def new_meeting(home: Household) -> Meeting:
    """A new individual session of Jordan on the Wednesday."""
    pattern = home.slot(
        2, kind=Kind.INDIVIDUAL, seats=Seats.PATIENTS, slot="one.p-1", at="15:00", minutes=50
    )
    fields = {name: getattr(pattern, name) for name in FIELDS}
    db.session.delete(pattern)
    db.session.flush()
    return Meeting(
        key="march.one.p-1.w9",
        cohort_id=home.cohort.id,
        leads=(home.rivera.id,),
        patients=(home.jordan.id,),
        **fields,
    )


def test_what_was_told_is_forgotten_a_day_after_the_session(home: Household) -> None:
    first, second = group(home, 0), group(home, 5)
    cancel(first, by="desk", now=first.starts_at - DAY)
    announce(by="worker", now=first.starts_at - DAY)
    kept = known()

    later = second.starts_at - 2 * DAY
    cancel(second, by="desk", now=later)
    announce(by="worker", now=later)

    everybody = {home.jordan.id, home.tess.id, home.rivera.id}
    assert kept == {(person, first.id) for person in everybody}
    assert known() == {(person, second.id) for person in everybody}
    assert kinds(home.father) == []


def known() -> set[tuple[str, str]]:
    rows = select(ChangeNotice.person_id, ChangeNotice.session_id)
    return {(row.person_id, row.session_id) for row in db.session.execute(rows)}


@pytest.mark.usefixtures("texts")
def test_letter_that_still_waits_is_taken_back_when_the_session_is_put_back(
    home: Household,
) -> None:
    session = group(home)
    now = session.starts_at - 3 * DAY
    home.jordan.phone = "+16175550123"
    sms.opt_in(home.jordan, by="desk", now=NOW)
    cancel(session, by="desk", now=now)
    announce(by="worker", now=now)
    before = waiting(home.jordan)

    back(session, now)
    announce(by="worker", now=now)
    between = waiting(home.jordan)
    cancel(session, by="desk", now=now)
    announce(by="worker", now=now)

    assert before == ["No longer on your calendar", "no longer on your calendar"]
    assert (between, waiting(home.jordan)) == ([], before)
    assert (waiting(home.rivera), waiting(home.father)) == (["No longer on your calendar"], [])


def test_second_change_before_the_first_has_left_is_one_letter_from_what_was_known(
    home: Household,
) -> None:
    session = group(home)
    now = session.starts_at - 3 * DAY
    for hours in (1, 2):
        edit_sessions(session, to=later(session, 1), by="desk", now=now + hours * HOUR)
        announce(by="worker", now=now + hours * HOUR)

    (letter,) = [letter for letter in letters(home.jordan) if letter.state is LetterState.WAITING]
    said = words(letter)
    assert [part in said for part in ("7:00 – 8:00 PM", "9:00 – 10:00 PM")] == [True, True]
    assert "8:00 – 9:00 PM" not in said
    assert kinds(home.father) == []


@pytest.mark.usefixtures("texts")
def test_text_message_that_waits_for_the_morning_does_not_say_what_is_no_longer_so(
    home: Household,
) -> None:
    session = group(home, 2)
    home.jordan.phone = "+16175550123"
    sms.opt_in(home.jordan, by="desk", now=NOW)
    night = session.starts_at - 2 * DAY + 4 * HOUR
    cancel(session, by="desk", now=night)
    announce(by="worker", now=night)
    letters(home.jordan)[0].state = LetterState.SENT

    back(session, night + HOUR)
    announce(by="worker", now=night + HOUR)

    assert waiting(home.jordan) == ["Takes place after all", "changed. Appointment"]
    assert kinds(home.father) == []


def test_discharged_patient_is_told_once_of_the_groups_that_they_leave(home: Household) -> None:
    going_on, later = group(home), group(home, 7)
    told = going_on.starts_at - 3 * DAY
    discharge(home.jordan, MONDAY - DAY, by="rivera", now=told)

    for minutes in (1, 2):
        announce(by="worker", now=told + timedelta(minutes=minutes))

    (letter,) = letters(home.jordan)
    said = words(letter)
    assert (letter.kind, letters(home.tess), kinds(home.father)) == ("change", [], [])
    assert said.startswith("No longer on your calendar: Appointment")
    assert said.count("7:00") == 2
    assert later.starts_at > going_on.starts_at + 6 * DAY


def test_deed_for_few_takes_up_their_changes_and_leaves_the_rest_to_the_worker(
    home: Household,
) -> None:
    other = move_in(home, 0)
    theirs, others = home.appointment(1), other.appointment(2, slot="fam.h-0")
    for session in (theirs, others):
        edit_sessions(session, to=later(session, 1), onward=False, by="desk", now=NOW)

    announce(by="desk", now=NOW, people=[home.jordan.id, home.mother.id])
    assert unheard() == [others.id]
    announce(by="worker", now=NOW)
    assert unheard() == []


def unheard() -> list[str]:
    """The sessions of which a change was not taken up."""
    rows = select(SessionChange.session_id).where(SessionChange.heard_at.is_(None))
    return sorted(set(db.session.scalars(rows)))
