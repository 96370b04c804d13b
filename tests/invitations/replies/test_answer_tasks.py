"""What needs somebody about answers: a no, a proposal, silence before a first appointment. The
father, without consent, stands by.
"""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from household import NOW, Household, place
from invitations.sync.test_announce import sent, tell
from scheduler.invitations import answer, look_at_answers, receive, waiting_replies
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.invitations.replies.review import decline_proposal, return_to_queue
from scheduler.kernel.database import db
from scheduler.people import choose_calendar
from scheduler.people.models import Way
from scheduler.programs import Kind
from scheduler.sessions.models import Session
from scheduler.tasks import finish_task, open_tasks
from tests.invitations.programs import Said, mailed

MINUTE = timedelta(minutes=1)


@pytest.fixture
def weeks(home: Household) -> list[Session]:
    """The mother is invited to four weekly dates."""
    home.consent()
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(4)]
    tell()
    sent()
    return sessions


def invited() -> Invitation:
    return db.session.scalars(select(Invitation).where(Invitation.told.is_not(None))).one()


def say(word: Answer, session: Session | None = None, *, minutes: int = 1) -> None:
    name = session.starts_at if session else None
    answer(invited(), word, name, by="p-1-mother", now=NOW + minutes * MINUTE)


def lines() -> list[tuple[str, str | None, str]]:
    """Kind, where it leads, and the first words of each open task."""
    found = []
    for task in open_tasks():
        found.append((task.kind, task.leads_to, task.words.split(",")[0]))
    return found


def test_no_is_a_line_that_leads_to_its_session(weeks: list[Session]) -> None:
    say(Answer.DECLINED, weeks[1])

    wanted = ("answered_no", f"session:{weeks[1].key}", "Dana Lee says no to “Family hour”")
    assert lines() == [wanted]


def test_no_to_all_dates_is_one_line(weeks: list[Session]) -> None:
    say(Answer.DECLINED)

    assert [kind for kind, _, _ in lines()] == ["answered_no"]
    assert "all 4 dates" in open_tasks()[0].words


def test_yes_after_a_no_takes_the_line_off(weeks: list[Session]) -> None:
    say(Answer.DECLINED, weeks[1])
    say(Answer.ACCEPTED, minutes=2)

    assert lines() == []


def test_line_is_off_when_the_date_moves_and_stays_off_when_done(weeks: list[Session]) -> None:
    say(Answer.DECLINED, weeks[1])
    say(Answer.DECLINED, weeks[2], minutes=2)
    finish_task(open_tasks()[1].id, by="sam", now=NOW + 3 * MINUTE)
    place(weeks[1], datetime.fromisoformat(weeks[1].starts_local) + timedelta(hours=1))
    tell(4)

    look_at_answers(now=NOW + 5 * MINUTE)

    assert lines() == []


def test_proposal_is_a_line_until_it_is_decided(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    tell()
    sent()
    said = Said(
        invited().uid,
        session.starts_at + timedelta(hours=2),
        NOW + MINUTE,
        who="m@family.example",
        method="COUNTER",
        word="TENTATIVE",
    )
    receive(mailed("gmail", said), by="reply", now=NOW + MINUTE)
    (held,) = waiting_replies()

    assert [line[:2] for line in lines()] == [("proposal", f"reply:{held.id}")]
    decline_proposal(held, by="sam", now=NOW + 2 * MINUTE)
    assert lines() == []


def test_proposal_that_was_put_back_waits_again(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    tell()
    said = Said(
        invited().uid,
        session.starts_at + timedelta(hours=2),
        NOW + MINUTE,
        who="m@family.example",
        method="COUNTER",
        word="TENTATIVE",
    )
    receive(mailed("gmail", said), by="reply", now=NOW + MINUTE)
    (held,) = waiting_replies()
    decline_proposal(held, by="sam", now=NOW + 2 * MINUTE)
    held.state = type(held.state).TAKEN

    return_to_queue(held, by="sam", now=NOW + 3 * MINUTE)

    assert [kind for kind, _, _ in lines()] == ["proposal"]


@pytest.mark.parametrize(
    ("ahead", "told_before", "is_line"),
    [
        (timedelta(days=5), timedelta(hours=23), False),
        (timedelta(days=5), timedelta(hours=24), True),
        (timedelta(hours=49), timedelta(hours=1), False),
        (timedelta(hours=48), timedelta(hours=1), True),
        (timedelta(days=15), timedelta(hours=30), False),
    ],
)
def test_silence_is_a_line_after_a_day_or_when_the_first_session_is_near(
    weeks: list[Session], ahead: timedelta, told_before: timedelta, is_line: bool
) -> None:
    first = weeks[0]
    moment = first.starts_at - ahead
    invited().told_at = moment - told_before
    db.session.flush()

    look_at_answers(now=moment)

    asked = [("unanswered", f"session:{first.key}")] if is_line else []
    assert [line[:2] for line in lines()] == asked


def test_line_about_silence_says_who_and_for_what(weeks: list[Session]) -> None:
    look_at_answers(now=weeks[0].starts_at - timedelta(hours=47))

    assert open_tasks()[0].words.startswith("Dana Lee has not answered for “Family hour”")


def test_silence_before_a_later_session_is_none(weeks: list[Session]) -> None:
    look_at_answers(now=weeks[1].starts_at - timedelta(hours=47))

    assert lines() == []


def test_any_answer_takes_silence_off(weeks: list[Session]) -> None:
    near = weeks[0].starts_at - timedelta(hours=47)
    look_at_answers(now=near)
    say(Answer.TENTATIVE)

    look_at_answers(now=near + MINUTE)

    assert lines() == []


def test_answer_to_an_earlier_time_is_silence(weeks: list[Session]) -> None:
    say(Answer.ACCEPTED, weeks[0])
    place(weeks[0], datetime.fromisoformat(weeks[0].starts_local) + timedelta(hours=1))
    tell(2)

    look_at_answers(now=weeks[0].starts_at - timedelta(hours=47))

    assert [line[:2] for line in lines()] == [("unanswered", f"session:{weeks[0].key}")]


def test_silence_before_an_assessment_is_a_line(home: Household) -> None:
    choose_calendar(home.jordan, way=Way.INVITATIONS, first_names=False, by="p-1", now=NOW)
    session = home.appointment(1, kind=Kind.ASSESSMENT, slot="first.p-1")
    tell()

    look_at_answers(now=session.starts_at - timedelta(hours=47))

    assert [line[:2] for line in lines()] == [("unanswered", f"session:{session.key}")]
