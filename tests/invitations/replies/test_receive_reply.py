"""Answers by mail and on the page: one history. Somebody who is not invited changes nothing."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update

from household import NOW, Household, place
from scheduler import ical
from scheduler.invitations import (
    Outcome,
    Received,
    announce,
    answer,
    by_token,
    link_token,
    receive,
    told_dates,
)
from scheduler.invitations.model.models import Answer, AnswerGiven, Invitation
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.outbox.models import Letter, LetterState
from scheduler.sessions.models import Session

MINUTE = timedelta(minutes=1)


@pytest.fixture
def home(home: Household) -> Household:
    """The mother is invited to one appointment."""
    home.consent()
    home.appointment(1)
    announce(by="command", now=NOW)
    return home


def invited() -> Invitation:
    return db.session.scalars(select(Invitation)).one()


def asked() -> bytes:
    """The calendar part of the newest letter."""
    import email

    letter = db.session.scalars(select(Letter).order_by(Letter.sequence.desc())).first()
    assert letter is not None
    (part,) = [
        each
        for each in email.message_from_bytes(letter.mime).walk()
        if each.get_content_type() == "text/calendar"
    ]
    return bytes(part.get_payload(decode=True))


def mail(calendar: bytes, sender: str = "Dana <M@Family.example>") -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = sender, "calendar@sp-cal.example"
    message.set_content("Accepted")
    message.add_alternative(
        calendar, maintype="text", subtype="calendar", params={"method": "REPLY"}
    )
    return message.as_bytes()


def says(word: str, *, minutes: int = 1, who: str = "m@family.example", **said: object) -> bytes:
    stamp = NOW + minutes * MINUTE
    return ical.reply(asked(), attendee=ical.Party(who), answer=word, stamp=stamp, **said)  # type: ignore[arg-type]


def take(data: bytes, minutes: int = 2) -> Received:
    return receive(data, by="reply", now=NOW + minutes * MINUTE)


def answers() -> list[str]:
    rows = db.session.scalars(select(AnswerGiven).order_by(AnswerGiven.given_at))
    return [f"{row.way} {row.answer.value}" for row in rows]


def counts() -> list[tuple[str | None, bool]]:
    people = [invited().person_id]
    return [
        (each.answer.value if each.answer else None, each.current) for each in told_dates(people)
    ]


@pytest.mark.parametrize("word", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_reply_of_the_invited_is_stored(home: Household, word: str) -> None:
    assert take(mail(says(word))).outcome is Outcome.STORED
    assert answers() == [f"mail {word}"]
    assert counts() == [(word, True)]


@pytest.mark.parametrize(
    ("attendee", "sender"),
    [
        ("m@family.example", "f@family.example"),
        ("f@family.example", "f@family.example"),
        ("f@family.example", "m@family.example"),
        ("m@family.example", "m@family.example, f@family.example"),
    ],
)
def test_reply_of_anybody_else_changes_nothing(home: Household, attendee: str, sender: str) -> None:
    assert take(mail(says("DECLINED", who=attendee), sender)).outcome is Outcome.HELD
    assert answers() == []


def test_older_reply_changes_nothing(home: Household) -> None:
    take(mail(says("ACCEPTED", minutes=5)), minutes=6)

    assert take(mail(says("DECLINED", minutes=3)), minutes=7).outcome is Outcome.OLDER
    assert counts() == [("ACCEPTED", True)]


def test_same_reply_twice_is_noted_once(home: Household) -> None:
    found = [take(mail(says("ACCEPTED"))).outcome for _ in range(2)]

    assert found == [Outcome.STORED, Outcome.OLDER]


def test_page_and_mail_are_one_history(home: Household) -> None:
    take(mail(says("ACCEPTED")))
    answer(invited(), Answer.DECLINED, by=home.mother.key, now=NOW + 3 * MINUTE)

    assert answers() == ["mail ACCEPTED", "page DECLINED"]
    assert counts() == [("DECLINED", True)]


def test_answer_to_an_earlier_version_does_not_count(home: Household) -> None:
    before = says("ACCEPTED")
    db.session.execute(update(Letter).values(state=LetterState.SENT, sent_at=NOW))
    for session in db.session.scalars(select(Session)):
        place(session, datetime.fromisoformat(session.starts_local) + timedelta(hours=1))
    announce(by="command", now=NOW + MINUTE)

    assert take(mail(before)).outcome is Outcome.OUTDATED
    assert counts() == [("ACCEPTED", False)]


@pytest.mark.parametrize("method", [b"REQUEST", b"CANCEL", b"ADD", b"PUBLISH"])
def test_what_only_we_say_is_refused(home: Household, method: bytes) -> None:
    data = says("ACCEPTED").replace(b"METHOD:REPLY", b"METHOD:" + method)

    assert take(mail(data)).outcome is Outcome.REFUSED
    assert answers() == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff",
        b"Subject: out of office\r\n\r\nI am away.",
        mail(b"BEGIN:VCALENDAR\r\nnonsense"),
        b"x" * 300_000,
    ],
    ids=["nothing", "bytes", "vacation", "broken", "huge"],
)
def test_other_mail_is_no_reply(home: Household, data: bytes) -> None:
    assert take(data).outcome is Outcome.NOT_A_REPLY


def test_unknown_uid_is_refused(home: Household) -> None:
    assert (
        take(mail(says("ACCEPTED").replace(invited().uid.encode(), b"x@y"))).outcome
        is Outcome.REFUSED
    )


def test_answer_after_the_appointment_is_refused(home: Household) -> None:
    with pytest.raises(Conflict):
        answer(invited(), Answer.ACCEPTED, by=home.mother.key, now=NOW + timedelta(days=60))


def test_personal_page_is_found_by_its_secret_alone(home: Household) -> None:
    row = invited()

    assert by_token(link_token(row.uid), now=NOW) is row
    assert by_token(row.uid, now=NOW) is None
    assert by_token("", now=NOW) is None


def test_one_date_of_a_series_is_answered_by_its_name(home: Household) -> None:
    for week in range(1, 4):
        home.appointment(3 + 7 * week, week=week, slot="upd.p-1")
    announce(by="command", now=NOW)
    row = db.session.scalars(select(Invitation).where(Invitation.series == "march.upd.p-1")).one()
    dates = [each for each in told_dates([row.person_id]) if each.uid == row.uid]

    answer(row, Answer.ACCEPTED, by=home.mother.key, now=NOW)
    answer(row, Answer.DECLINED, dates[1].recurrence, by=home.mother.key, now=NOW + MINUTE)

    found = [each.answer for each in told_dates([row.person_id]) if each.uid == row.uid]
    assert found == [Answer.ACCEPTED, Answer.DECLINED, Answer.ACCEPTED]
    with pytest.raises(InputError):
        answer(row, Answer.DECLINED, dates[1].recurrence + MINUTE, by=home.mother.key, now=NOW)
