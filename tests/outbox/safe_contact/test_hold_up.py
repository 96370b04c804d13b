"""In hours that somebody marked nothing arrives; it comes later, by another way, or staff are
told.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from household import NOW, ZONE, Household
from outbox.drafts import MIME
from scheduler import outbox
from scheduler.kernel.database import db
from scheduler.outbox import Draft
from scheduler.outbox.models import Basis, Channel, Letter, LetterState
from scheduler.people import Marking, end_hours, mark_hours
from scheduler.people.models import Person
from scheduler.people.safe_contact.models import MarkedHours, Means
from scheduler.sms import opt_in
from scheduler.tasks.models import Task

ALL_WEEK = frozenset(range(7))
HOUR = timedelta(hours=1)
NOON = datetime.combine((NOW + timedelta(days=2)).date(), time(12), ZoneInfo(ZONE)).astimezone(UTC)


def mark(person: Person, begin: int, end: int, means: Means = Means.BOTH) -> MarkedHours:
    """Mark whole hours of every day, on the clinic's clock."""
    person.zone = None
    marking = Marking(ALL_WEEK, begin * 60, end * 60, means)
    return mark_hours(person, marking, by=person.key, now=NOW)


def write(person: Person, name: str = "a", **said: object) -> Letter:
    usual: dict[str, object] = {
        "dedupe_key": name,
        "kind": "change",
        "recipient_id": person.id,
        "address": person.email,
        "basis": Basis.SELF,
        "mime": MIME,
        "message_id": f"<{name}@sp-cal.example>",
        "due_at": NOON,
    }
    letter = outbox.enqueue(Draft(**(usual | said)), now=NOW)  # type: ignore[arg-type]
    assert letter is not None
    return letter


def claimed(now: datetime, channel: Channel = Channel.MAIL) -> list[str]:
    outbox.expire(now=now)
    return outbox.claim("a", now=now, channel=channel)


def tasks() -> list[str]:
    return list(db.session.scalars(select(Task.kind)))


def texts() -> list[Letter]:
    rows = select(Letter).where(Letter.dedupe_key.endswith(":otherwise"))
    return list(db.session.scalars(rows))


def agree(app: Flask, person: Person) -> None:
    """Let a person be texted."""
    person.phone = "+12125550123"
    db.session.flush()
    opt_in(person, by="desk", now=NOW)
    outbox.use_gateway(outbox.Gateway("http://127.0.0.1:9/texts", "s"))


@pytest.fixture(autouse=True)
def no_gateway() -> object:
    """What a test sets up ends with it."""
    before = outbox.gateway()
    yield
    outbox.use_gateway(before)


def test_letter_waits_for_the_end_of_marked_hours(home: Household) -> None:
    letter = write(home.jordan)
    mark(home.jordan, 11, 14)

    inside = claimed(NOON)
    db.session.refresh(letter)

    assert (inside, letter.state, letter.due_at) == ([], LetterState.WAITING, NOON + 2 * HOUR)
    assert (claimed(NOON + 2 * HOUR), tasks()) == ([letter.id], [])


def test_letters_behind_one_that_waits_are_found(home: Household) -> None:
    write(home.jordan)
    other = write(home.tess, "b", due_at=NOON + timedelta(minutes=1))
    mark(home.jordan, 11, 14)

    assert claimed(NOON + timedelta(minutes=2)) == [other.id]


def test_hours_for_text_messages_hold_no_mail(home: Household) -> None:
    letter = write(home.jordan)
    mark(home.jordan, 11, 14, Means.TEXT)

    assert claimed(NOON) == [letter.id]


def test_hours_hold_for_whoever_shares_the_mailbox(home: Household) -> None:
    """It is the device that is watched. The father, in the same house, marked them."""
    home.jordan.email = "Home@family.example"
    home.father.email = "home@family.example"
    write(home.jordan)
    mark(home.father, 11, 14)

    assert claimed(NOON) == []


def test_hours_hold_for_the_same_human_under_another_key(home: Household) -> None:
    home.jordan.body_id = home.tess.body_id = home.jordan.id
    write(home.tess)
    mark(home.jordan, 11, 14)

    assert claimed(NOON) == []


def test_code_that_somebody_asks_for_comes_at_once(home: Household) -> None:
    code = write(home.jordan, kind="code")
    mark(home.jordan, 11, 14)

    assert claimed(NOON) == [code.id]


def test_hours_that_begin_after_the_claim_hold(home: Household) -> None:
    letter = write(home.jordan)
    mark(home.jordan, 13, 14)
    just_before = NOON + timedelta(minutes=54)

    assert claimed(just_before) == [letter.id]
    late = outbox.begin_handing(letter.id, "a", now=just_before + timedelta(minutes=2))
    in_time = outbox.begin_handing(letter.id, "a", now=just_before)

    assert (late, in_time is not None) == (None, True)


def test_ended_hours_hold_nothing(home: Household) -> None:
    letter = write(home.jordan)
    row = mark(home.jordan, 11, 14)

    end_hours(home.jordan, row.id, by="p-1", now=NOW)

    assert claimed(NOON) == [letter.id]


def test_what_cannot_wait_becomes_a_task_and_comes_later_too(home: Household) -> None:
    letter = write(home.jordan, needed_by=NOON + HOUR)
    mark(home.jordan, 11, 14)

    assert (claimed(NOON), tasks()) == ([], ["unsafe_hours"])
    assert (claimed(NOON + 2 * HOUR), tasks()) == ([letter.id], ["unsafe_hours"])


def test_what_cannot_wait_goes_by_text_where_that_is_safe(app: Flask, home: Household) -> None:
    agree(app, home.jordan)
    write(home.jordan, needed_by=NOON + HOUR)
    mark(home.jordan, 11, 14, Means.MAIL)

    assert (claimed(NOON), tasks()) == ([], [])
    assert claimed(NOON, Channel.TEXT) == [texts()[0].id]


def test_text_does_not_go_in_hours_that_hold_it_too(app: Flask, home: Household) -> None:
    agree(app, home.jordan)
    write(home.jordan, needed_by=NOON + HOUR)
    mark(home.jordan, 11, 14)

    assert (claimed(NOON), texts(), tasks()) == ([], [], ["unsafe_hours"])


def test_worthless_letter_ends_and_is_a_task(home: Household) -> None:
    letter = write(home.jordan, not_after=NOON + HOUR)
    mark(home.jordan, 11, 14)

    claimed(NOON)
    db.session.refresh(letter)

    assert (letter.state, letter.reason, tasks()) == (
        LetterState.EXPIRED,
        outbox.NOT_SAFE,
        ["unsafe_hours"],
    )


def test_whole_week_marked_is_a_task(home: Household) -> None:
    letter = write(home.jordan)
    mark(home.jordan, 0, 24)

    claimed(NOON)
    db.session.refresh(letter)

    assert (letter.state, tasks()) == (LetterState.SET_ASIDE, ["unsafe_hours"])


def test_letter_leaves_once_the_hours_ahead_of_it_were_ended(app: Flask, home: Household) -> None:
    hours = mark(home.jordan, 13, 14)
    letter = write(home.jordan)
    assert claimed(NOON) == [letter.id]
    outbox.release("a")  # a worker that dawdled gives it back

    end_hours(home.jordan, hours.id, by="p-1", now=NOON)

    later = NOON + timedelta(minutes=90)
    assert claimed(later) == [letter.id]
    assert outbox.begin_handing(letter.id, "a", now=later) is not None
