"""Whoever is to sit in the program's groups has a seat in what is published."""

from dataclasses import replace
from datetime import UTC, datetime

from scheduler.planning.problem.fixed_slots import lay_out_fixed_slots
from scheduler.planning.problem.plan import Finding, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.group_seats import seats
from tests.planning.week_grid import NOEMIE, PROCESS, RULES, evening

ONE_WEEK = evening(slots=(replace(PROCESS, last_week=1),))
PUBLISHED = lay_out_fixed_slots(ONE_WEEK).sessions
ADA = replace(NOEMIE, key="ada")
WITH_ADA = replace(
    ONE_WEEK,
    patients=(*ONE_WEEK.patients, ADA),
    published=PUBLISHED,
    now=datetime(2027, 2, 25, 17, tzinfo=UTC),
)


def found(problem: Problem) -> list[Finding]:
    return list(seats(problem, PUBLISHED))


def test_what_was_laid_out_seats_everybody() -> None:
    assert found(ONE_WEEK) == []


def test_a_new_patient_lacks_a_seat_in_each_meeting_to_come() -> None:
    assert [(seat.rule, seat.hard, seat.session, seat.sentence) for seat in found(WITH_ADA)] == [
        (
            Rule.GROUP_SEAT,
            True,
            "evening.process.2027-03-01",
            "ada has no seat in Process on Mon 1 March 6:00 PM nor on 2 other days",
        )
    ]


def test_what_has_begun_needs_no_seat_any_more() -> None:
    later = replace(WITH_ADA, now=datetime(2027, 3, 4, 12, tzinfo=UTC))
    assert [seat.session for seat in found(later)] == ["evening.process.2027-03-04"]


def test_whom_the_rules_keep_out_of_a_group_lacks_no_seat() -> None:
    rules = replace(RULES, group_cap=2)
    full = replace(WITH_ADA, template=replace(WITH_ADA.template, rules=rules))
    assert found(full) == []
