"""Declining a proposal about one date of a series: the letter speaks of that date. The father
stands by.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from household import NOW, Household
from invitations.sync.test_announce import judge, message, sent, tell
from scheduler.invitations import count_as_no, decline_proposal, receive
from scheduler.invitations.model.models import Answer, HeldKind, HeldReply, Invitation
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.outbox.models import Letter
from scheduler.tasks import open_tasks


def test_declined_proposal_names_its_own_date_and_no_other_g8(home: Household) -> None:
    home.consent()
    second = [home.appointment(1 + 7 * week, week=week) for week in range(4)][1]
    tell()
    sent()
    row = db.session.scalars(select(Invitation)).one()
    times = {
        "starts_at": second.starts_at + timedelta(hours=1),
        "ends_at": second.ends_at + timedelta(hours=1),
    }
    held = HeldReply(
        key="x",
        kind=HeldKind.PROPOSAL,
        uid=row.uid,
        person_id=home.mother.id,
        sender="m@family.example",
        reason="x",
        recurrence=second.starts_at,
        came_at=NOW,
        **times,
    )
    db.session.add(held)
    db.session.flush()

    decline_proposal(held, by="sam", now=NOW + timedelta(minutes=1))

    letter = db.session.scalars(select(Letter).where(Letter.kind == "declined")).one()
    judge(letter)
    words = str(message(letter).get_body(("plain",)).get_content())  # type: ignore[union-attr]
    days = [f"{session.starts_at.day} {session.starts_at:%B}" for session in (second,)]
    assert [line for line in words.splitlines() if "PM" in line and days[0] not in line] == []
    assert days[0] in words


def test_words_that_say_no_count_as_one(home: Household) -> None:
    home.consent()
    home.appointment(1)
    tell()
    mail = b"From: m@family.example\r\nSubject: Re: Appointment\r\n\r\nI cannot come, sorry.\r\n"
    receive(mail, by="reply", now=NOW)
    held = db.session.scalars(select(HeldReply)).one()

    given = count_as_no(held, by="desk", now=NOW)

    assert (given.answer, given.comment) == (Answer.DECLINED, "I cannot come, sorry.")
    assert [task.kind for task in open_tasks()] == []
    with pytest.raises(Conflict, match="decided this already"):
        count_as_no(held, by="desk", now=NOW)
