"""Answers that wait: staff move a session, decline, let an answer count, or put it aside; nothing
happens by itself.

The father without consent stands by and is told nothing of any of it.
"""

import re
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler import feeds, ical
from scheduler.invitations import (
    announce,
    answer,
    answers_to,
    change_way,
    leave_note,
    receive,
    told_dates,
    waiting_replies,
)
from scheduler.invitations.model.models import Answer, AnswerGiven, HeldReply, Invitation
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import Window, person_by_key
from scheduler.people.models import Way
from scheduler.sessions.models import Session
from tests.invitations.programs import Said, mailed
from tests.web.house import post, sign_in_staff
from visitor import words
from watch import Watch

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PAGE = "/desk/replies/"


@pytest.fixture
def desk(visitor: FlaskClient, clock: Watch) -> FlaskClient:
    """A coordinator at the desk."""
    sign_in_staff(visitor)
    clock.moment += 5 * MINUTE
    return visitor


def first_session() -> tuple[str, datetime]:
    db.session.rollback()
    rows = select(Session).where(Session.series == "evening.fam.jordan").order_by(Session.starts_at)
    row = db.session.scalars(rows).first()
    assert row is not None
    return row.id, row.starts_at


def arrive(
    clock: Watch,
    method: str = "COUNTER",
    *,
    later: timedelta = 2 * HOUR,
    sender: str | None = None,
    comment: str | None = None,
    program: str = "gmail",
) -> None:
    """A mail of the mother about the first date."""
    dana = person_by_key("jordan-mother").id
    told = min(told_dates([dana]), key=lambda one: one.begins_at)
    row = db.session.get(Invitation, told.uid)
    assert row is not None
    one_of_many = len([each for each in told_dates([dana]) if each.uid == told.uid]) > 1
    said = Said(
        told.uid,
        told.begins_at + later,
        clock.moment - MINUTE,
        who="dana@family.example",
        method=method,
        word="TENTATIVE" if method == "COUNTER" else "DECLINED",
        comment=comment,
        sequence=row.sequence,
        recurrence=told.recurrence if one_of_many else None,
    )
    receive(mailed(program, said, sender=sender), by="reply", now=clock.moment)
    db.session.commit()


def decide(desk: FlaskClient, decision: str) -> int:
    db.session.rollback()
    (held,) = waiting_replies()
    return post(desk, f"{PAGE}{held.id}", PAGE, decision=decision).status_code


def look(desk: FlaskClient) -> TestResponse:
    """Ask what taking up the proposal would do."""
    db.session.rollback()
    (held,) = waiting_replies()
    return post(desk, f"{PAGE}{held.id}/look", PAGE)


def accept(desk: FlaskClient) -> TestResponse:
    """Do it as if it had been shown, also where it is not offered."""
    offered = re.search(r'name="seen" value="(\d+)"', look(desk).text)
    (held,) = waiting_replies()
    row = db.session.get(Session, first_session()[0])
    assert row is not None
    seen = offered[1] if offered else str(row.version)
    return post(desk, f"{PAGE}{held.id}", PAGE, decision="accept", seen=seen)


def letters() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Letter).order_by(Letter.created_at, Letter.id))
    return [(row.kind, row.address) for row in rows if row.kind != "code"]


def calendar_of(kind: str) -> tuple[str, str]:
    """Method of the type and text of the calendar part of the newest letter of a kind."""
    rows = select(Letter).where(Letter.kind == kind).order_by(Letter.created_at.desc())
    letter = db.session.scalars(rows).first()
    assert letter is not None
    (part,) = [
        one
        for one in message_from_bytes(letter.mime, policy=policy.default).walk()
        if one.get_content_subtype() == "calendar"
    ]
    return part["Content-Type"].params["method"], part.get_payload(decode=True).decode().replace(
        "\r\n ", ""
    )


def test_nothing_waits_at_first(desk: FlaskClient) -> None:
    assert "Nothing waits" in desk.get(PAGE).text


@pytest.mark.parametrize("program", ["gmail", "outlook", "apple"])
def test_proposal_changes_nothing_until_it_is_accepted_g8(
    desk: FlaskClient, clock: Watch, program: str
) -> None:
    session, before = first_session()
    sent = letters()
    arrive(clock, program=program)

    assert first_session() == (session, before)
    assert letters() == sent
    assert accept(desk).status_code == 303
    assert first_session() == (session, before + 2 * HOUR)


def test_what_taking_it_up_does_is_shown_first_and_nothing_is_kept_of_it_g8(
    desk: FlaskClient, clock: Watch
) -> None:
    where, known = first_session(), letters()
    arrive(clock)
    page = look(desk)

    said = words(page)
    assert page.status_code == 200
    assert re.search(r"5:00 – 6:00 PM → (\w{3} \d+ \w+), 7:00 – 8:00 PM", said)
    assert "Change this session and tell 3 people" in said
    assert "Dana Lee" in said
    assert (first_session(), letters(), len(waiting_replies())) == (where, known, 1)


def test_proposal_is_not_taken_up_unseen_g8(desk: FlaskClient, clock: Watch) -> None:
    where = first_session()
    arrive(clock)

    assert (decide(desk, "accept"), first_session(), len(waiting_replies())) == (409, where, 1)


def test_what_was_taken_up_is_put_back_on_the_sessions_page_g8(
    desk: FlaskClient, clock: Watch
) -> None:
    where = first_session()
    arrive(clock)
    page = accept(desk).location

    assert "Put it back as it was" in desk.get(page).text
    assert post(desk, f"{page}/back", page).status_code == 303
    assert "The proposal waits for you again, under Answers." in desk.get(page).text
    assert (first_session(), len(waiting_replies())) == (where, 1)
    assert accept(desk).status_code == 303


def test_accepted_proposal_tells_everybody_affected_g8(desk: FlaskClient, clock: Watch) -> None:
    for row in db.session.scalars(select(Letter)):
        row.state = LetterState.SENT
    db.session.commit()
    known = letters()
    arrive(clock)
    sequence = max(db.session.scalars(select(Invitation.sequence)))
    accept(desk)
    announce(by="worker", now=clock.moment + 10 * MINUTE)
    db.session.commit()

    assert sorted(one for one in letters() if one not in known) == [
        ("change", "jordan@patient.example"),
        ("change", "rivera@hl.example"),
        ("update", "dana@family.example"),
    ]
    assert max(db.session.scalars(select(Invitation.sequence))) == sequence + 1


def test_whoever_proposes_a_time_is_free_that_date_and_stays_invited_g8(
    desk: FlaskClient, clock: Watch
) -> None:
    """Outside the hours we knew of, they would else be taken out by the very time they asked
    for.
    """
    person_by_key("jordan-mother").free = (Window(("tue",), 15 * 60, 17 * 60 + 30),)
    for row in db.session.scalars(select(Letter)):
        row.state = LetterState.SENT
    db.session.commit()
    known = letters()
    arrive(clock)

    page = accept(desk)
    assert (
        "Moved as proposed: 1 session. 3 letters to 3 people on the way."
        in desk.get(page.location).text
    )
    announce(by="worker", now=clock.moment + 10 * MINUTE)
    db.session.commit()
    assert sorted(one for one in letters() if one not in known) == [
        ("change", "jordan@patient.example"),
        ("change", "rivera@hl.example"),
        ("update", "dana@family.example"),
    ]
    assert person_by_key("jordan-mother").free == (
        Window(("tue",), 15 * 60, 17 * 60 + 30),
        Window(("tue",), 18 * 60, 19 * 60, on=date(2027, 3, 2)),
    )


@pytest.mark.parametrize("hours", [5, 11])
def test_proposal_that_breaks_a_rule_is_not_one_tap_away_g8(
    desk: FlaskClient, clock: Watch, hours: int
) -> None:
    """Beyond the clinician's hours, as on the session's page; it waits on."""
    where = first_session()
    arrive(clock, later=hours * HOUR)

    page = look(desk)
    assert (
        page.status_code,
        "This cannot be done" in page.text,
        'value="accept"' in page.text,
    ) == (409, True, False)
    assert (accept(desk).status_code, first_session(), len(waiting_replies())) == (409, where, 1)


def test_answer_that_is_not_certain_is_headed_by_its_sender_g3(
    desk: FlaskClient, clock: Watch
) -> None:
    arrive(clock, "REPLY", sender="evil@nowhere.example", later=timedelta())

    heading = re.findall(r"<h2[^>]*>([^<]*)<", desk.get(PAGE).text)
    assert heading == ["evil@nowhere.example, in the name of Dana Lee: no"]


def test_declined_proposal_is_told_to_its_author_alone_g8(desk: FlaskClient, clock: Watch) -> None:
    known, where = letters(), first_session()
    arrive(clock)
    uid, sequence = db.session.execute(select(HeldReply.uid, HeldReply.sequence)).one()

    assert decide(desk, "decline") == 303
    assert [one for one in letters() if one not in known] == [("declined", "dana@family.example")]
    method, text = calendar_of("declined")
    assert method == "DECLINECOUNTER"
    for line in ("METHOD:DECLINECOUNTER", f"UID:{uid}", f"SEQUENCE:{sequence}"):
        assert f"\r\n{line}\r\n" in text
    event = text.partition("BEGIN:VEVENT\r\n")[2].partition("END:VEVENT")[0]
    assert {line.partition(":")[0].partition(";")[0] for line in event.splitlines()} == {
        *("UID", "DTSTAMP", "SEQUENCE", "ORGANIZER", "ATTENDEE")
    }  # a title is forbidden (RFC 5546 3.2.8), and libical keeps to it
    assert first_session() == where


def test_declined_proposal_is_no_answer_of_theirs_g8(desk: FlaskClient, clock: Watch) -> None:
    arrive(clock)
    decide(desk, "decline")

    assert db.session.scalars(select(AnswerGiven)).all() == []


def test_time_at_which_somebody_is_engaged_is_refused_and_waits_on_g8(
    desk: FlaskClient, clock: Watch
) -> None:
    where = first_session()
    arrive(clock, later=timedelta(days=-1, hours=1))

    assert (look(desk).status_code, accept(desk).status_code) == (409, 409)
    assert first_session() == where
    assert len(waiting_replies()) == 1


@pytest.mark.parametrize("later", [timedelta(days=-30), timedelta(seconds=30)])
def test_time_nobody_can_keep_is_refused_g8(
    desk: FlaskClient, clock: Watch, later: timedelta
) -> None:
    where = first_session()
    arrive(clock, later=later)

    assert (look(desk).status_code, accept(desk).status_code) == (409, 409)
    assert first_session() == where


def test_uncertain_answer_counts_when_staff_say_so_g3(desk: FlaskClient, clock: Watch) -> None:
    arrive(clock, "REPLY", sender="dana.lee@work.example", later=timedelta())

    assert db.session.scalars(select(AnswerGiven)).all() == []
    assert decide(desk, "count") == 303
    (row,) = db.session.scalars(select(AnswerGiven))
    assert (row.way, row.answer.value) == ("mail", "DECLINED")


def test_put_aside_tells_nobody(desk: FlaskClient, clock: Watch) -> None:
    known, where = letters(), first_session()
    arrive(clock)

    assert decide(desk, "aside") == 303
    assert (letters(), first_session(), waiting_replies()) == (known, where, [])


def test_what_is_decided_is_decided_once(desk: FlaskClient, clock: Watch) -> None:
    arrive(clock)
    (held,) = waiting_replies()
    decide(desk, "aside")

    assert post(desk, f"{PAGE}{held.id}", PAGE, decision="accept").status_code == 409


@pytest.mark.parametrize("decision", ["", "count", "everything"])
def test_choice_that_is_none_changes_nothing(
    desk: FlaskClient, clock: Watch, decision: str
) -> None:
    arrive(clock)

    assert decide(desk, decision) in {409, 422}
    assert len(waiting_replies()) == 1


def test_words_of_a_stranger_are_text_g10(desk: FlaskClient, clock: Watch) -> None:
    arrive(clock, comment="<script>alert(1)</script>")

    page = desk.get(PAGE).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_patient_page_shows_one_history_of_mail_and_page(desk: FlaskClient, clock: Watch) -> None:
    arrive(clock, "REPLY", later=timedelta(), comment="We are away")
    dana = person_by_key("jordan-mother")
    uid = told_dates([dana.id])[0].uid
    row = db.session.get(Invitation, uid)
    assert row is not None
    answer(row, Answer.TENTATIVE, by=dana.key, now=clock.moment + MINUTE)
    db.session.commit()

    page = desk.get("/desk/patients/jordan").text
    assert [page.count(each) for each in ("by mail", "on their page", "We are away")] == [1, 1, 1]


def test_answer_to_a_proposal_is_readable_by_calendar_programs(
    desk: FlaskClient, clock: Watch
) -> None:
    arrive(clock)
    decide(desk, "decline")

    _, text = calendar_of("declined")
    seen = ical.summarise(text.replace("METHOD:DECLINECOUNTER\r\n", "METHOD:REQUEST\r\n").encode())
    assert [one.address for one in seen.attendees] == ["dana@family.example"]


def test_note_of_a_page_is_about_the_dates_ahead_and_named_as_such(
    desk: FlaskClient, clock: Watch
) -> None:
    dana = person_by_key("jordan-mother").id
    dates = told_dates([dana])
    row = db.session.get(Invitation, dates[-1].uid)
    assert row is not None
    clock.moment = dates[-1].begins_at - HOUR
    leave_note(row, "I come by train.", None, None, by="jordan-mother", now=clock.moment)
    db.session.commit()
    sign_in_staff(desk)
    page = desk.get(PAGE)
    about = re.search(r"<dt>About</dt><dd>(.*?)</dd>", page.text)

    assert about is not None
    assert about[1].count(";") == 0
    assert "They came by mail or from a person’s own page." in words(page)
    assert "They wrote this on their page, without an answer" in words(page)


def test_note_about_a_date_at_the_calendar_address_can_count_as_a_no(
    desk: FlaskClient, clock: Watch
) -> None:
    dana = person_by_key("jordan-mother")
    date = told_dates([dana.id])[0]
    row = db.session.get(Invitation, date.uid)
    assert row is not None
    feeds.make(dana, by=dana.key, now=clock.moment)
    change_way(dana, way=Way.FEED, by=dana.key, now=clock.moment)
    announce(by="worker", now=clock.moment)
    leave_note(row, "We are away then.", None, None, by=dana.key, now=clock.moment)
    db.session.commit()
    offered = "They cannot come: count it as a no" in words(desk.get(PAGE))

    assert (offered, decide(desk, "no"), waiting_replies()) == (True, 303, [])
    assert [date.answer for date in answers_to(date.session_id, {dana.id})] == [Answer.DECLINED]


def test_patients_page_shows_what_was_answered_at_the_calendar_address(
    desk: FlaskClient, clock: Watch
) -> None:
    dana = person_by_key("jordan-mother")
    date = told_dates([dana.id])[0]
    row = db.session.get(Invitation, date.uid)
    assert row is not None
    feeds.make(dana, by=dana.key, now=clock.moment)
    change_way(dana, way=Way.FEED, by=dana.key, now=clock.moment)
    announce(by="worker", now=clock.moment)
    answer(row, Answer.TENTATIVE, date.recurrence, by=dana.key, now=clock.moment)
    db.session.commit()

    page = words(desk.get("/desk/patients/jordan"))
    answers = page.partition("What they answered")[2].partition("Every answer as it came")[0]
    assert date.uid not in {told.uid for told in told_dates([dana.id])}
    assert answers.count("Dana Lee Maybe") == 1
