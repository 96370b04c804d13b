"""An update says what is known of each date and asks only where the time moved (RFC 5546 2.1.4,
3.2.2). The father, without consent, stands by.
"""

from datetime import datetime, timedelta

import pytest
import vobject
from sqlalchemy import select

from household import NOW, Household, place
from invitations.replies.test_receive_reply import mail
from invitations.sync.test_announce import calendar, letters, message, sent, tell
from scheduler.ical import Party, reply
from scheduler.invitations import answer, receive, told_dates, waiting_replies
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.sessions.models import Session, Status

YES = ("ACCEPTED", None)
NO = ("DECLINED", None)
OPEN = ("NEEDS-ACTION", "TRUE")
SILENT = ("NEEDS-ACTION", None)
ASKS = "The buttons of your mail"
NOTHING = "You need not do anything."


@pytest.fixture
def weeks(home: Household) -> list[Session]:
    """The mother is invited to four weekly dates."""
    home.consent()
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(4)]
    tell()
    sent()
    return sessions


def say(word: Answer, session: Session | None = None, *, minutes: int = 1) -> None:
    (row,) = db.session.scalars(select(Invitation).where(Invitation.told.is_not(None)))
    name = session.starts_at if session else None
    answer(row, word, name, by="p-1-mother", now=NOW + timedelta(minutes=minutes))


def shift(session: Session, hours: int = 1) -> None:
    place(session, datetime.fromisoformat(session.starts_local) + timedelta(hours=hours))
    db.session.flush()


def call_off(session: Session) -> None:
    session.status = Status.CANCELLED
    db.session.flush()


def asked(letter: Letter) -> dict[str, tuple[str, str | None]]:
    """PARTSTAT and RSVP by the day of the instance, "" for the rule itself."""
    found = {}
    for event in vobject.readOne(calendar(letter).decode()).vevent_list:
        (attendee,) = event.contents["attendee"]
        (partstat,) = attendee.params["PARTSTAT"]
        (rsvp,) = attendee.params.get("RSVP", [None])
        name = event.contents.get("recurrence-id")
        found[f"{name[0].value:%Y-%m-%d}" if name else ""] = (partstat, rsvp)
    return found


def said(letter: Letter) -> str:
    body = message(letter).get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def day(session: Session) -> str:
    return session.starts_local[:10]


def test_moved_date_alone_is_asked_about_anew(weeks: list[Session]) -> None:
    say(Answer.ACCEPTED)
    shift(weeks[1])

    assert tell(2) == [("update", 1)]
    letter = letters()[-1]
    assert asked(letter) == {"": YES, day(weeks[1]): OPEN}
    assert ASKS in said(letter)


def test_answer_to_one_date_is_carried_with_it(weeks: list[Session]) -> None:
    say(Answer.ACCEPTED)
    say(Answer.DECLINED, weeks[2], minutes=2)
    shift(weeks[1])

    tell(3)

    assert asked(letters()[-1]) == {"": YES, day(weeks[1]): OPEN, day(weeks[2]): NO}


def test_answer_to_the_first_date_is_said_by_the_rule(weeks: list[Session]) -> None:
    say(Answer.DECLINED, weeks[0])
    shift(weeks[2])

    tell(2)

    others = {day(weeks[number]): OPEN for number in (1, 2, 3)}
    assert asked(letters()[-1]) == {"": NO} | others


def test_whoever_has_not_answered_is_still_asked(weeks: list[Session]) -> None:
    shift(weeks[1])

    tell(2)

    assert asked(letters()[-1]) == {"": OPEN, day(weeks[1]): OPEN}


def test_cancelled_date_asks_for_nothing(weeks: list[Session]) -> None:
    say(Answer.ACCEPTED)
    call_off(weeks[1])

    tell(2)

    letter = letters()[-1]
    assert asked(letter) == {"": YES}
    assert (ASKS in said(letter), NOTHING in said(letter)) == (False, True)


def test_cancelled_date_asks_not_even_whoever_is_silent(weeks: list[Session]) -> None:
    call_off(weeks[1])

    tell(2)

    letter = letters()[-1]
    assert asked(letter) == {"": SILENT}
    assert (ASKS in said(letter), NOTHING in said(letter)) == (False, True)


def test_one_moved_date_that_needs_two_letters_asks_in_one(weeks: list[Session]) -> None:
    say(Answer.ACCEPTED)
    shift(weeks[0])

    assert tell(2) == [("invitation", 0), ("update", 1)]
    by_uid = {letter.kind: letter for letter in letters() if letter.created_at > NOW}
    first = by_uid["invitation"]
    second = by_uid["update"]
    assert (asked(first), asked(second)) == ({"": OPEN}, {"": YES})
    assert (first.follows, second.follows) == (None, first.id)
    assert str(message(first)["Subject"]).startswith("Changed: Appointment ")
    assert str(message(second)["Subject"]).startswith("Nothing to do: Appointment ")
    assert said(second).startswith("You need not do anything.")
    assert (ASKS in said(first), NOTHING in said(first)) == (True, False)
    assert (ASKS in said(second), NOTHING in said(second)) == (False, True)


def test_no_to_what_asks_for_nothing_counts_only_for_the_dates_it_names(
    weeks: list[Session],
) -> None:
    shift(weeks[0])
    tell(2)
    sent()
    (companion,) = [letter for letter in letters() if letter.kind == "update"]
    later = NOW + timedelta(minutes=3)

    for date in (None, weeks[2].starts_at):
        no = reply(
            calendar(companion),
            attendee=Party(companion.address),
            answer="DECLINED",
            stamp=later,
            recurrence=date,
        )
        receive(mail(no), by="reply", now=later + timedelta(minutes=1))

    dates = told_dates([companion.recipient_id])
    assert [date.answer for date in dates] == [None, None, Answer.DECLINED, None]
    (held,) = waiting_replies()
    assert (held.answer, held.recurrence) == (Answer.DECLINED, None)


def test_yes_goes_along_to_another_name_with_the_time_it_was_for(weeks: list[Session]) -> None:
    before = weeks[0].starts_at
    say(Answer.ACCEPTED)
    shift(weeks[0])
    tell(2)

    (mother,) = {letter.recipient_id for letter in letters()}
    dates = [(date.answer, date.current, date.answered_for) for date in told_dates([mother])]

    assert dates[0] == (Answer.ACCEPTED, False, before)
    assert {date[:2] for date in dates[1:]} == {(Answer.ACCEPTED, True)}


def test_other_words_about_the_same_time_ask_for_nothing_new(
    home: Household, weeks: list[Session]
) -> None:
    say(Answer.ACCEPTED)
    home.cohort.program.outward_title = "Hour"
    db.session.flush()

    tell(2)

    letter = letters()[-1]
    assert asked(letter) == {"": YES}
    assert ASKS not in said(letter)
