"""What recurs in a stay comes due by the program's days, and presses while nothing is planned."""

from datetime import date, timedelta

import pytest

from scheduler.programs import Course, Due, Milestone, Milestones, milestones_due

ADMITTED = date(2027, 3, 1)
LAST = date(2027, 5, 23)
TODAY = date(2027, 3, 20)
REVIEW = Milestones(plan_review_days=30)
DUE = date(2027, 3, 31)


def due(rule: Milestones, *, today: date = TODAY, **said: object) -> list[Due]:
    return milestones_due(rule, Course(ADMITTED, LAST, **said), today=today)  # type: ignore[arg-type]


def test_program_that_names_nothing_has_nothing_due() -> None:
    assert due(Milestones()) == []
    assert milestones_due(None, Course(ADMITTED, LAST), today=TODAY) == []


def test_review_is_due_so_many_days_after_admission() -> None:
    assert due(REVIEW) == [Due(Milestone.PLAN_REVIEW, DUE)]


def test_review_that_was_held_counts_from_its_day() -> None:
    held = date(2027, 3, 15)

    assert due(REVIEW, reviews=[held]) == [Due(Milestone.PLAN_REVIEW, held + timedelta(days=30))]


def test_what_somebody_said_was_done_counts_from_that_day() -> None:
    done = [(Milestone.RECERTIFICATION, date(2027, 3, 18))]

    found = due(Milestones(plan_review_days=30, recertify_days=60), done=done)

    assert found == [
        Due(Milestone.PLAN_REVIEW, DUE),
        Due(Milestone.RECERTIFICATION, date(2027, 5, 17)),
    ]


def test_discharge_is_planned_before_the_end_unless_a_session_is() -> None:
    rule = Milestones(discharge_planning_days=14)

    assert due(rule) == [Due(Milestone.DISCHARGE_PLANNING, date(2027, 5, 9))]
    assert due(rule, discharges=[date(2027, 5, 12)]) == []


def test_what_would_be_due_after_the_stay_is_not_due() -> None:
    assert due(Milestones(plan_review_days=90)) == []


def test_nothing_is_due_of_a_stay_that_is_over() -> None:
    assert due(REVIEW, today=LAST + timedelta(days=1)) == []


def test_strengths_and_needs_are_assessed_again_so_many_days_after_the_last_time() -> None:
    done = [(Milestone.CANS, date(2027, 3, 8))]

    assert due(Milestones(cans_days=60)) == [Due(Milestone.CANS, date(2027, 4, 30))]
    assert due(Milestones(cans_days=60), done=done) == [Due(Milestone.CANS, date(2027, 5, 7))]


WEEK_AFTER = LAST + timedelta(days=7)


@pytest.mark.parametrize(
    ("days", "planned"), [([], None), ([LAST], None), ([WEEK_AFTER], WEEK_AFTER)]
)
def test_aftercare_is_due_after_the_stay(days: list[date], planned: date | None) -> None:
    rule = Milestones(plan_review_days=30, aftercare_days=7)

    found = due(rule, today=LAST + timedelta(days=1), aftercare=days)

    assert found == [Due(Milestone.AFTERCARE, WEEK_AFTER, planned)]


def test_aftercare_is_due_no_more_when_its_day_is_over_or_it_was_seen_to() -> None:
    rule = Milestones(aftercare_days=7)

    assert due(rule, today=WEEK_AFTER + timedelta(days=1)) == []
    assert due(rule, done=[(Milestone.AFTERCARE, TODAY)]) == []


@pytest.mark.parametrize(
    ("today", "planned", "presses"),
    [
        (DUE - timedelta(days=8), None, False),
        (DUE - timedelta(days=7), None, True),
        (DUE + timedelta(days=1), None, True),
        (DUE - timedelta(days=2), DUE, False),
        (DUE - timedelta(days=2), DUE + timedelta(days=1), True),
    ],
)
def test_milestone_presses_a_week_before_while_nothing_is_planned_in_time(
    today: date, planned: date | None, presses: bool
) -> None:
    assert Due(Milestone.PLAN_REVIEW, DUE, planned).is_pressing(today) is presses
