"""A plan of participation is agreed on, the newest counts, and declining is counted nowhere; the
father without consent stands by and may know nothing by being named.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from cast import assemble, session
from scheduler.attendance import AttendanceCounts, count_words, words_about
from scheduler.consents import audience
from scheduler.kernel.errors import InputError
from scheduler.participation import Part, agree_plan, plan_of, plans_before, plans_of
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.planning.proposals.load_patients import load_patients
from scheduler.programs import Appointment, Kind, Rules, Template
from scheduler.tasks import open_tasks

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
TODAY = date(2027, 3, 1)
DECLINED = Part(Kind.FAMILY_THERAPY, takes_part=False)
FAMILY = Appointment("fam", Kind.FAMILY_THERAPY, 60, every_weeks=1, first_week=1, last_week=8)


def agree(patient: Person, *parts: Part, now: datetime = NOW, who: str = "Jordan, Dana") -> None:
    agree_plan(patient, parts, agreed_on=TODAY, agreed_with=who, by="sam", now=now)


def test_newest_plan_counts_and_the_one_before_is_kept(app: Flask) -> None:
    cast = assemble()
    takes_part = Part(Kind.FAMILY_THERAPY, True, every_weeks=2, people=(cast.dana.id,), since=TODAY)

    agree(cast.jordan, DECLINED)
    agree(cast.jordan, takes_part, now=NOW + timedelta(hours=1))

    assert plans_of([cast.jordan.id]) == {cast.jordan.id: (takes_part,)}
    assert [plan.turn for plan in plans_before(cast.jordan)] == [2, 1]


@pytest.mark.parametrize(
    "parts",
    [
        (DECLINED, DECLINED),
        (Part(Kind.GROUP, takes_part=True),),
        (Part(Kind.FAMILY_THERAPY, takes_part=True, people=("somebody",)),),
        (Part(Kind.FAMILY_THERAPY, takes_part=True, every_weeks=0),),
    ],
)
def test_plan_that_cannot_be_is_refused(sqlite_app: Flask, parts: tuple[Part, ...]) -> None:
    cast = assemble()

    with pytest.raises(InputError):
        agree(cast.jordan, *parts)

    assert plan_of(cast.jordan) is None


def test_plan_agreed_with_nobody_is_refused(sqlite_app: Flask) -> None:
    cast = assemble()

    with pytest.raises(InputError, match="with whom"):
        agree(cast.jordan, DECLINED, who=" ")


def test_declining_is_counted_nowhere_and_asks_for_nothing(sqlite_app: Flask) -> None:
    cast = assemble()

    agree(cast.jordan, DECLINED)

    counts = count_words(words_about(cast.jordan.id, cast.cohort.id), None)
    assert counts == AttendanceCounts()
    assert list(open_tasks()) == []


def test_who_is_named_may_know_no_more_than_before(sqlite_app: Flask) -> None:
    cast = assemble()
    row = session(cast, datetime(2027, 3, 9, 17))
    named = Part(Kind.FAMILY_THERAPY, takes_part=True, people=(cast.miguel.id,))

    agree(cast.jordan, named)

    keys = {who.person.key for who in audience(row, now=NOW)}
    assert keys == {"rivera", "jordan", "dana"}


def test_planner_takes_what_was_agreed_in_place_of_the_program(sqlite_app: Flask) -> None:
    cast = assemble()
    cast.cohort.program.template = Template(8, Rules(9, 19, 4), (), (FAMILY,))
    agree(cast.jordan, Part(Kind.FAMILY_THERAPY, takes_part=True, every_weeks=2))

    (patient,) = load_patients(cast.cohort, practice(), set())

    rarer = Appointment("fam", Kind.FAMILY_THERAPY, 60, every_weeks=2, first_week=1, last_week=8)
    assert (patient.without, patient.appointments) == (("fam",), (rarer,))
