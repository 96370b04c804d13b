"""What staff make of words that somebody wrote back: each a deed with its record. The father
stands by, without consent.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from household import NOW, Household
from invitations.sync.test_announce import sent, tell, told
from scheduler.audit.models import AuditEntry
from scheduler.invitations import (
    count_as_no,
    receive,
    set_reply_aside,
    stop_writing,
    take_as_wrong_address,
    told_dates,
)
from scheduler.invitations.model.models import HeldReply, Invitation
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.outbox import claim, closed_addresses
from scheduler.outbox.models import Letter
from scheduler.tasks import open_tasks

WORDS = (
    "From: {who}\r\nSubject: Re: Appointment\r\nIn-Reply-To: {letter}\r\n\r\n{said}\r\n\r\n"
    "On Mon, 22 Feb 2027 at 15:10, SP Calendar <calendar@sp-cal.example> wrote:\r\n"
    "> SP Calendar invites you.\r\n"
)


@pytest.fixture
def home(home: Household) -> Household:
    """The mother is invited to four weekly dates."""
    home.consent()
    for week in range(4):
        home.appointment(1 + 7 * week, week=week)
    tell()
    sent()
    return home


def held(said: str = "Wrong person, please stop.", who: str = "m@family.example") -> HeldReply:
    letter = db.session.scalars(select(Letter)).one()
    mail = WORDS.format(who=who, letter=letter.message_id, said=said)
    receive(mail.encode(), by="reply", now=NOW)
    return db.session.scalars(select(HeldReply)).one()


def deeds() -> list[str]:
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number))
    return [row.deed for row in rows if row.by == "sam"]


def open_kinds() -> list[str]:
    return [task.kind for task in open_tasks()]


def test_words_are_kept_with_their_letter_and_the_quotes_apart(home: Household) -> None:
    found = held("I cannot come.")
    letter = db.session.scalars(select(Letter)).one()

    assert (found.comment, found.letter_id) == ("I cannot come.", letter.id)
    assert found.quoted is not None
    assert found.quoted.splitlines()[-1] == "> SP Calendar invites you."


def test_no_counts_for_the_dates_that_were_chosen(home: Household) -> None:
    dates = told_dates([home.mother.id])

    count_as_no(held(), [dates[1].recurrence, dates[3].recurrence], by="sam", now=NOW)

    answers = [date.answer.value if date.answer else None for date in told_dates([home.mother.id])]
    assert answers == [None, "DECLINED", None, "DECLINED"]
    assert (open_kinds(), deeds()[-1]) == ([], "invitations.decided")


def test_no_to_several_dates_needs_a_choice(home: Household) -> None:
    with pytest.raises(Conflict, match="does not speak of one session"):
        count_as_no(held(), by="sam", now=NOW)


def test_no_to_what_is_told_no_more_is_refused(home: Household) -> None:
    words = held()
    db.session.execute(update(Invitation).values(told=None))
    db.session.refresh(words)

    with pytest.raises(Conflict, match="it does not speak of one session that is still ahead"):
        count_as_no(words, by="sam", now=NOW)


def test_stop_ends_every_letter_to_them(home: Household) -> None:
    stop_writing(held(), by="sam", now=NOW)
    home.appointment(40, at="12:00", week=6)

    assert [news.letter_id for news in told(5)] == [None]
    assert claim("w", now=NOW + timedelta(hours=1)) == []
    assert (open_kinds(), deeds()) == (
        [],
        ["barrier.set", "finish", "invitations.decided"],
    )


def test_patient_cannot_be_ended_by_a_mail(home: Household) -> None:
    found = held()
    found.person_id = home.jordan.id
    db.session.flush()
    db.session.expire(found)

    with pytest.raises(Conflict, match="talk to them instead"):
        stop_writing(found, by="sam", now=NOW)


def test_wrong_address_is_barred_and_a_task_about_what_was_read(home: Household) -> None:
    take_as_wrong_address(held(who="somebody@elsewhere.example"), by="sam", now=NOW)
    home.appointment(40, at="12:00", week=6)
    tell(5)

    assert claim("w", now=NOW + timedelta(hours=1)) == []
    (closed,) = closed_addresses()
    assert (closed.address, closed.closed_by) == ("m@family.example", "sam")
    (task,) = open_tasks()
    assert (task.kind, task.about_id, task.leads_to) == (
        "breach",
        home.mother.id,
        f"address:{closed.id}",
    )


def test_reply_that_was_read_is_off_the_list(home: Household) -> None:
    found = held()
    assert open_kinds() == ["mail_answered"]

    set_reply_aside(found, by="sam", now=NOW)

    assert open_kinds() == []
    with pytest.raises(Conflict):
        stop_writing(found, by="sam", now=NOW)
