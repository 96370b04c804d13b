"""What each relative is told as the plan changes. A father without consent stands by in all of
it.
"""

import email
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage

import vobject
from sqlalchemy import select

from household import MONDAY, NOW, SECRETS, TODAY, Household, place
from scheduler import consents, ical
from scheduler.invitations import Told, announce, lint
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.sessions import cancel, put_back
from scheduler.sessions.models import CalendarName, Session, Status


def tell(minutes: int = 0) -> list[tuple[str, int]]:
    """Announce and give what was told, as kind and SEQUENCE."""
    return [(each.kind, each.sequence) for each in told(minutes)]


def told(minutes: int = 0) -> list[Told]:
    found = announce(by="command", now=NOW + timedelta(minutes=minutes))
    for letter in letters():
        judge(letter)
    return [each for each in found if each.kind != "change"]


def letters() -> list[Letter]:
    """Every letter to somebody invited."""
    invited = select(Letter).where(Letter.kind != "change")
    in_order = invited.order_by(Letter.created_at, Letter.uid, Letter.sequence)
    return list(db.session.scalars(in_order))


def judge(letter: Letter) -> None:
    """Hold every letter to what no letter may break."""
    to = {each.id: each for each in db.session.scalars(select(Person)).unique()}[
        letter.recipient_id
    ]
    assert to.key != "p-1-father"
    assert lint(letter.mime, SECRETS, recipient=letter.address) == []
    (event, *_) = vobject.readOne(calendar(letter).decode()).vevent_list
    assert [each.value for each in event.contents["attendee"]] == [f"mailto:{letter.address}"]
    assert event.organizer.value == "mailto:calendar@sp-cal.example"
    assert f"CN={to.name}" not in calendar(letter).decode()


def message(letter: Letter) -> EmailMessage:
    parsed = email.message_from_bytes(letter.mime, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def calendar(letter: Letter) -> bytes:
    (part,) = [
        each for each in message(letter).walk() if each.get_content_type() == "text/calendar"
    ]
    return bytes(part.get_payload(decode=True))


def shown(letter: Letter) -> ical.Received:
    return ical.summarise(calendar(letter))


def sent() -> None:
    """Let the post office have taken everything that waits."""
    for letter in letters():
        if letter.state is LetterState.WAITING:
            letter.state, letter.sent_at = LetterState.SENT, NOW
    db.session.flush()


def last() -> Letter:
    return letters()[-1]


def test_consented_relative_is_invited_and_nobody_else(home: Household) -> None:
    (grant,) = home.consent()
    session = home.appointment(1)

    assert tell() == [("invitation", 0)]
    (letter,) = letters()
    assert (letter.address, letter.kind, letter.basis, letter.grant_id, letter.covers_until) == (
        "m@family.example",
        "invitation",
        "grant",
        grant.id,
        session.ends_at,
    )
    received = shown(letter)
    assert (received.method, received.sequence, received.title) == ("REQUEST", 0, "Appointment")
    assert received.times == ((session.starts_at, session.ends_at),)


def test_nothing_is_told_twice(home: Household) -> None:
    home.consent()
    home.appointment(1)

    assert [tell(), tell(), tell(5)] == [[("invitation", 0)], [], []]


def test_regular_series_is_one_invitation(home: Household) -> None:
    home.consent()
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(4)]

    assert tell() == [("invitation", 0)]
    assert shown(last()).times == tuple((each.starts_at, each.ends_at) for each in sessions)
    assert shown(last()).rule is not None


def test_irregular_sessions_are_single_invitations_with_names_of_their_own(home: Household) -> None:
    home.consent()
    home.appointment(1, week=1)
    home.appointment(10, week=2, at="12:00")

    assert tell() == [("invitation", 0), ("invitation", 0)]
    assert len({letter.uid for letter in letters()}) == 2


def test_moved_session_is_an_update_of_the_same_entry(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    tell()
    sent()
    before = session.starts_at
    move(session, days=1)

    assert tell(1) == [("update", 1)]
    first, second = letters()
    assert (second.uid, shown(second).times[0][0]) == (first.uid, before + timedelta(days=1))
    text = str(message(second).get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert text.index("Until now") < text.index("From now on")


def test_five_moves_are_sequence_five(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    tell()
    sent()
    for number in range(1, 6):
        move(session, days=1)
        assert tell(number) == [("update", number)]


def test_one_moved_date_of_a_series_keeps_its_name_and_the_others(home: Household) -> None:
    home.consent()
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(4)]
    tell()
    sent()
    move(sessions[2], days=1)

    assert tell(1) == [("update", 1)]
    assert b"RECURRENCE-ID" in calendar(last())
    assert [each[0] for each in shown(last()).times] == [each.starts_at for each in sessions]


def test_cancelled_session_is_cancelled_whole(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    tell()
    sent()
    session.status = Status.CANCELLED

    assert tell(1) == [("cancellation", 1)]
    assert (shown(last()).method, shown(last()).status, last().basis) == (
        "CANCEL",
        "CANCELLED",
        "retraction",
    )


def test_withdrawal_is_a_neutral_cancellation_of_this_person_only(home: Household) -> None:
    home.consent()
    home.appointment(1)
    tell()
    sent()
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)

    assert tell(1) == [("cancellation", 1)]
    assert (shown(last()).method, shown(last()).status) == ("CANCEL", None)
    assert "No longer on your calendar: Appointment " in message(last())["Subject"]
    assert "/i/" not in str(message(last()))


def test_silent_withdrawal_sends_nothing(home: Household) -> None:
    home.consent()
    home.appointment(1)
    tell()
    sent()
    consents.revoke(person=home.mother, patient=home.jordan, silent=True, by="command", now=NOW)

    assert [each.letter_id for each in told(1)] == [None]
    assert len(letters()) == 1
    assert tell(2) == []


def test_withdrawal_before_anything_left_sends_neither(home: Household) -> None:
    home.consent()
    home.appointment(1)
    tell()
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)

    assert [each.letter_id for each in told(1)] == [None]
    db.session.expire_all()
    assert [each.state for each in letters()] == [LetterState.SUPPRESSED]


def test_consent_given_again_is_a_new_entry(home: Household) -> None:
    home.consent()
    home.appointment(1)
    tell()
    sent()
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)
    tell(1)
    sent()
    home.consent()

    assert tell(2) == [("invitation", 0)]
    assert len(set(db.session.scalars(select(CalendarName.uid)))) == 2


def test_consent_given_again_before_the_cancellation_left_keeps_it_in(home: Household) -> None:
    home.consent()
    home.appointment(1)
    tell()
    sent()
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)
    tell(1)
    home.consent()

    assert tell(2) == []
    db.session.expire_all()
    assert [each.state for each in letters()] == [LetterState.SENT, LetterState.SUPPRESSED]


def test_consent_given_again_after_silence_kept_a_cancellation_in_shows_nothing_twice(
    home: Household,
) -> None:
    home.consent()
    session = home.appointment(1)
    tell()
    sent()
    session.status = Status.CANCELLED
    tell(1)
    consents.revoke(person=home.mother, patient=home.jordan, silent=True, by="command", now=NOW)
    tell(2)
    session.status = Status.SCHEDULED
    home.consent()

    assert tell(3) == []
    assert len(set(db.session.scalars(select(CalendarName.uid)))) == 1


def test_consent_that_ends_mid_series_invites_up_to_its_end(home: Household) -> None:
    home.consent(expires=MONDAY + timedelta(days=16))
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(4)]

    tell()

    told_dates = sorted(at for letter in letters() for at, _ in shown(letter).times)
    assert told_dates == [each.starts_at for each in sessions[:3]]


def test_consent_for_later_is_told_when_it_begins(home: Household) -> None:
    home.consent(signed=TODAY + timedelta(days=1))
    home.appointment(1)

    assert tell() == []


def test_begun_dates_are_not_taken_back(home: Household) -> None:
    home.consent()
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(4)]
    tell()
    sent()
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)
    after_two = int((sessions[1].ends_at - NOW).total_seconds()) // 60

    assert tell(after_two) == [("cancellation", 1)]
    text = calendar(last()).decode()
    assert text.count("BEGIN:VEVENT") == text.count("RECURRENCE-ID") == 2
    assert "METHOD:CANCEL" in text
    assert "STATUS" not in text.replace("BUSYSTATUS", "")


def test_series_cut_short_by_the_clinic_keeps_its_past(home: Household) -> None:
    home.consent()
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(4)]
    tell()
    sent()
    for session in sessions[2:]:
        session.status = Status.CANCELLED
    after_two = int((sessions[1].ends_at - NOW).total_seconds()) // 60

    assert tell(after_two) == [("cancellation", 1)]
    assert shown(last()).method == "REQUEST"
    assert [each[0] for each in shown(last()).times] == [each.starts_at for each in sessions[:2]]


def test_corrected_address_gets_the_invitation(home: Household) -> None:
    home.consent()
    home.appointment(1)
    tell()
    sent()
    home.mother.email = "dl@family.example"

    assert tell(1) == [("invitation", 1)]
    assert last().address == "dl@family.example"


def test_two_families_never_meet_in_a_letter(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    home.consent(home.aunt, Kind.FAMILY_WORKSHOP)
    home.slot(1)
    tell()

    by_address = {letter.address: letter for letter in letters()}
    assert sorted(by_address) == ["a@family.example", "m@family.example"]
    assert len({letter.uid for letter in letters()}) == 2
    for mine, theirs in (
        ("a@family.example", "m@family.example"),
        ("m@family.example", "a@family.example"),
    ):
        whole = by_address[mine].mime + calendar(by_address[mine])
        assert theirs.encode() not in whole
        assert str(by_address[theirs].uid).encode() not in whole


def test_patients_and_clinicians_get_no_invitation(home: Household) -> None:
    home.consent()
    home.appointment(1)
    tell()

    assert {row.person_id for row in db.session.scalars(select(Invitation))} == {home.mother.id}


def test_spanish_reader_is_written_to_in_spanish(home: Household) -> None:
    home.mother.language = "es"
    home.consent()
    home.appointment(1)
    tell()

    text = str(message(last()).get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert text.startswith("Le invita SP Calendar.")
    assert "hora de Chicago (6:00 – 7:00 p. m., hora de Nueva York)" in text


def test_only_people_asked_for_are_told(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    home.consent(home.aunt, Kind.FAMILY_WORKSHOP)
    home.slot(1)

    assert [each.person_id for each in announce(by="command", now=NOW, people=[home.aunt.id])] == [
        home.aunt.id
    ]


def move(session: Session, days: int) -> None:
    local = datetime.fromisoformat(session.starts_local) + timedelta(days=days)
    place(session, local, session.minutes)
    db.session.flush()


def test_changes_that_follow_each_other_are_one_letter_from_what_arrived(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    tell()
    sent()
    move(session, days=1)
    tell(1)
    move(session, days=1)
    tell(2)

    db.session.expire_all()
    assert [each.state for each in letters()] == [
        LetterState.SENT,
        LetterState.SUPPRESSED,
        LetterState.WAITING,
    ]
    text = words(last())
    assert (text.count("Tue"), text.count("Wed"), text.count("Thu")) == (1, 0, 1)


def test_change_taken_back_before_it_left_sends_nothing(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    tell()
    sent()
    move(session, days=1)
    tell(1)
    move(session, days=-1)

    assert tell(2) == []
    db.session.expire_all()
    assert [each.state for each in letters()] == [LetterState.SENT, LetterState.SUPPRESSED]
    assert tell(3) == []


def test_old_address_loses_what_lies_ahead_and_the_new_one_gets_it(home: Household) -> None:
    home.consent()
    home.appointment(1)
    tell()
    sent()
    home.mother.email = "dl@family.example"

    assert tell(1) == [("invitation", 1)]
    found = {
        letter.address: shown(letter).method
        for letter in letters()
        if letter.state is LetterState.WAITING
    }
    assert found == {"m@family.example": "CANCEL", "dl@family.example": "REQUEST"}


def test_withdrawal_is_told_where_the_calendar_is(home: Household) -> None:
    home.consent()
    home.appointment(1)
    tell()
    sent()
    home.mother.email = "dl@family.example"
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)

    assert tell(1) == [("cancellation", 1)]
    assert last().address == "m@family.example"


def test_consent_given_again_after_a_silent_end_shows_nothing_twice(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    tell()
    sent()
    consents.revoke(person=home.mother, patient=home.jordan, silent=True, by="command", now=NOW)
    tell(1)
    home.consent()
    move(session, days=1)

    assert tell(2) == [("update", 2)]
    assert len(set(db.session.scalars(select(CalendarName.uid)))) == 1


def words(letter: Letter) -> str:
    return str(message(letter).get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_session_put_back_at_another_time_is_said_to_be_new(home: Household) -> None:
    """Also: the father, who knows of nothing, gets nothing."""
    home.consent()
    session = home.appointment(3)
    tell()
    sent()
    cancel(session, by="desk", now=NOW + timedelta(minutes=1))
    db.session.flush()
    tell(2)
    sent()
    put_back(session, by="desk", now=NOW + timedelta(minutes=3))
    move(session, days=1)
    tell(4)

    letter = letters()[-1]
    assert "after all" not in f"{message(letter)['Subject']} {words(letter)}"
    assert {each.recipient_id for each in letters()} == {home.mother.id}


def test_session_put_back_is_said_to_take_place_after_all(home: Household) -> None:
    home.consent()
    session = home.appointment(3)
    later = home.appointment(9, week=2)
    tell()
    sent()
    for minutes, deed in ((1, cancel), (3, put_back)):
        deed(session, by="desk", now=NOW + timedelta(minutes=minutes))
        db.session.flush()
        tell(minutes + 1)
        sent()

    letter = letters()[-1]
    text = str(message(letter).get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert str(message(letter)["Subject"]).strip().startswith("Takes place after all: Appointment ")
    assert text.startswith("This takes place after all.")
    assert later.status is Status.SCHEDULED
