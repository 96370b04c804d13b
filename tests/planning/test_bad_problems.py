"""Problems that cannot be solved, or hold nothing: always a whole plan, no broken rule, and a
reason for the rest.
"""

from dataclasses import replace

import pytest

from scheduler.planning.planner import make_plan
from scheduler.planning.problem.plan import Rule
from scheduler.planning.problem.problem import Problem
from scheduler.programs import Template
from tests.planning.week_grid import FAM, JORDAN, NOEMIE, ONE, RIVERA, RULES, evening, window

BOTH = (ONE, FAM)
NEVER = replace(RIVERA, hours=())

UNSOLVABLE: dict[str, tuple[Problem, set[Rule]]] = {
    "no hours a day": (
        evening(appointments=BOTH, rules=replace(RULES, day_hours_max=0)),
        {Rule.DAY_HOURS_MAX},
    ),
    "no hours a week": (
        evening(appointments=BOTH, rules=replace(RULES, week_hours_min=0, week_hours_max=0)),
        {Rule.WEEK_HOURS_MAX},
    ),
    "a week's least that no day's most allows": (
        evening(appointments=BOTH, rules=replace(RULES, week_hours_min=19, day_hours_max=0.5)),
        {Rule.DAY_HOURS_MAX},
    ),
    "a clinician who never works": (
        evening(appointments=BOTH, clinicians=(NEVER, evening().clinicians[1])),
        {Rule.CLINICIAN_HOURS},
    ),
    "patients who are never free": (
        evening(appointments=BOTH, patients=(replace(JORDAN, free=()), replace(NOEMIE, free=()))),
        {Rule.PATIENT_FREE},
    ),
    "an appointment longer than any window": (
        evening(
            appointments=(replace(ONE, minutes=600),),
            rules=replace(RULES, day_hours_max=24, week_hours_max=168),
        ),
        {Rule.CLINICIAN_HOURS},
    ),
    "a grid of midnights": (
        evening(appointments=BOTH, rules=replace(RULES, start_every=1440)),
        {Rule.CLINICIAN_HOURS},
    ),
}


@pytest.mark.parametrize("name", UNSOLVABLE)
def test_what_cannot_be_is_left_out_whole_and_explained(name: str) -> None:
    problem, rules = UNSOLVABLE[name]
    plan = make_plan(problem, seconds=2)
    assert (plan.placed, plan.broken) == ((), ())
    assert len(plan.unplaced) > 0
    assert {tuple(one.rule for one in each.reasons) for each in plan.unplaced} == {tuple(rules)}
    assert [each.key for each in plan.unplaced if not each.remedies] == []
    assert "jordan-father" not in str(plan.unplaced)


def test_a_service_day_longer_than_a_day_may_be_is_reported_every_week() -> None:
    plan = make_plan(
        evening(appointments=(ONE,), rules=replace(RULES, day_minutes_min=300)), seconds=2
    )
    assert plan.broken == ()
    lacking = {
        one.week
        for one in plan.findings
        if one.rule is Rule.WEEK_DAYS_MIN and one.patient == "jordan"
    }
    assert lacking == {1, 2, 3, 4}


@pytest.mark.parametrize(
    "empty",
    [
        evening(patients=()),
        evening(slots=()),
        replace(evening(), template=Template(1, RULES, (), ()), patients=()),
    ],
    ids=["nobody", "no groups", "nothing at all"],
)
def test_a_cohort_that_needs_nothing_has_an_empty_plan(empty: Problem) -> None:
    plan = make_plan(empty, seconds=1)
    assert (plan.placed, plan.unplaced, plan.broken) == ((), (), ())


def test_one_window_for_everybody_places_as_many_as_it_holds() -> None:
    hour = (window("tue", "12:00", "14:00"),)
    many = tuple(replace(NOEMIE, key=f"p-{number}", free=hour) for number in range(5))
    plan = make_plan(evening(patients=many, appointments=(replace(ONE, last_week=1),)), seconds=2)
    assert (len(plan.placed), len(plan.unplaced), plan.broken) == (2, 3, ())
    assert all("rivera is taken then by" in str(each.reasons) for each in plan.unplaced)
