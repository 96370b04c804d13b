"""A topic that was missed is looked for where it comes again; the father hears of nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from cast import Cast, assemble, session
from scheduler import homes
from scheduler.attendance import Said, mark
from scheduler.attendance.models import AttendanceState
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.sessions.models import Session
from scheduler.tasks import open_tasks

TUESDAY = datetime(2027, 3, 9, 16)
AFTER = datetime(2027, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def group(cast: Cast, days: int, topic: str, *seated: Person) -> Session:
    """A group so many days after Tuesday."""
    number = 50 + days
    row = session(cast, TUESDAY + days * DAY, kind=Kind.GROUP, series="skills", week=number)
    row.title, row.topic, row.patients = "Skills", topic, list(seated)
    db.session.commit()
    return row


def say(row: Session, person: Person, state: AttendanceState) -> None:
    mark(row, person, Said(state), by="rivera", now=max(AFTER, row.ends_at))


def found(cast: Cast, now: datetime = AFTER) -> list[tuple[str, str, list[str]]]:
    rows = homes.missed_topics(cast.jordan, now=now)
    lines = []
    for row in rows:
        again = row.again.key[-3:] if row.again else ""
        lines.append((str(row.session.topic), again, [each.key[-3:] for each in row.instead]))
    return lines


def test_topic_that_was_missed_comes_again_where_another_group_has_it(cast: Cast) -> None:
    say(group(cast, 0, "Sleep", cast.jordan), cast.jordan, AttendanceState.NO_SHOW)
    group(cast, 2, "Food")
    group(cast, 30, "Sleep")

    assert found(cast) == [("Sleep", "", ["w80"])]


def test_own_group_comes_before_others(cast: Cast) -> None:
    say(group(cast, 0, "Sleep", cast.jordan), cast.jordan, AttendanceState.EXCUSED)
    group(cast, 2, "Sleep")
    group(cast, 7, "Sleep", cast.jordan)

    assert found(cast) == [("Sleep", "w57", [])]


def test_topic_seen_otherwise_is_not_missed(cast: Cast) -> None:
    say(group(cast, -7, "Sleep", cast.jordan), cast.jordan, AttendanceState.PRESENT)
    say(group(cast, 0, "Sleep", cast.jordan), cast.jordan, AttendanceState.NO_SHOW)

    assert found(cast) == []


def test_topic_of_full_groups_comes_nowhere(cast: Cast) -> None:
    say(group(cast, 0, "Sleep", cast.jordan), cast.jordan, AttendanceState.NO_SHOW)
    group(cast, 2, "Sleep")
    program = cast.cohort.program
    program.template = replace(program.template, rules=replace(program.template.rules, group_cap=0))

    assert found(cast) == [("Sleep", "", [])]


def test_asking_for_a_missed_topic_says_that_it_was_missed(cast: Cast) -> None:
    row = group(cast, 0, "Sleep", cast.jordan)
    say(row, cast.jordan, AttendanceState.NO_SHOW)

    homes.ask_make_up(row, group(cast, 2, "Sleep"), cast.jordan, now=AFTER)

    assert [task.words for task in open_tasks(kind="make_up")] == [
        "Jordan Quellandrix missed Skills and asks to see its topic in Skills, Thu 11 March 2027, "
        "4:00 PM. Seat them there, or tell them why not."
    ]


def test_group_nobody_wrote_down_yet_offers_nothing(cast: Cast) -> None:
    row = group(cast, 0, "Sleep", cast.jordan)
    group(cast, 2, "Sleep")

    assert homes.groups_instead(row, cast.jordan, now=AFTER) == []
