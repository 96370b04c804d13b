"""Why an appointment has no time, as a coordinator would tell it, and what would help."""

from dataclasses import replace
from datetime import date

from scheduler.planning.make import make_plan
from scheduler.planning.plan import Rule, Unplaced
from scheduler.planning.problem import Problem
from scheduler.programs import Kind
from tests.planning.week_grid import FAM, JORDAN, MOTHER, NOEMIE, ONE, RIVERA, RULES, consent, evening, window


def left_out(problem: Problem) -> Unplaced:
    """The first appointment without a time."""
    plan = make_plan(problem)
    assert plan.broken == ()
    return plan.unplaced[0]


def jordan(**changes: object) -> Problem:
    """The evening cohort with Jordan alone, changed."""
    alone = replace(JORDAN, **changes)  # type: ignore[arg-type]
    return evening(patients=(alone,), appointments=(ONE,))


def test_hours_that_never_meet_name_both_and_say_which_hour_would_do() -> None:
    found = left_out(jordan(free=(window("tue", "08:00", "11:00"),)))
    assert [one.sentence for one in found.reasons] == [
        "rivera works only at other times",
        "jordan is free only at other times",
    ]
    assert found.remedies == (
        "if rivera could make Tuesday 2 March at 08:00",
        "if jordan could make Monday 1 March at 12:00",
    )


def test_the_mother_is_named_with_an_hour_she_could_make() -> None:
    evenings = replace(MOTHER, free=(window("tue", "20:00", "21:00"),))
    problem = evening(patients=(replace(JORDAN, relatives=(evenings, JORDAN.relatives[1])),), appointments=(FAM,))
    found = left_out(problem)
    assert [(one.rule, one.people) for one in found.reasons] == [
        (Rule.CLINICIAN_HOURS, ("rivera",)),
        (Rule.RELATIVE_FREE, ("jordan-mother",)),
    ]
    assert found.remedies[1] == "if jordan-mother could make Monday 1 March at 12:00"


def test_the_father_without_consent_is_never_named() -> None:
    never = replace(MOTHER, free=(window("tue", "20:00", "21:00"),))
    found = left_out(evening(patients=(replace(JORDAN, relatives=(never, JORDAN.relatives[1])),), appointments=(FAM,)))
    said = " ".join([one.sentence for one in found.reasons] + list(found.remedies))
    assert "jordan-father" not in said


def test_a_consent_that_leaves_no_time_is_offered_only_while_it_holds() -> None:
    short = (consent(Kind.FAMILY_THERAPY, date(2027, 3, 2), date(2027, 3, 2)),)
    mother = replace(MOTHER, consents=short, free=(window("tue", "08:00", "10:00"),))
    found = left_out(evening(patients=(replace(JORDAN, relatives=(mother,)),), appointments=(FAM,)))
    assert found.remedies == (
        "if rivera could make Tuesday 2 March at 09:00",
        "if jordan-mother could make Tuesday 2 March at 12:00",
    )


def test_a_missing_licence_is_the_whole_reason() -> None:
    found = left_out(jordan(state="RI"))
    assert [one.sentence for one in found.reasons] == ["rivera holds no RI licence"]
    assert found.remedies == ("if rivera held a RI licence: Monday 1 March at 12:00",)


def test_a_taken_clinician_is_named_with_what_moving_would_open() -> None:
    noon = (window("tue", "12:00", "12:50"),)
    problem = evening(
        patients=(replace(JORDAN, free=noon), replace(NOEMIE, free=noon)), appointments=(ONE,), clinicians=(RIVERA,)
    )
    found = left_out(replace(problem, leads={}))
    assert [one.sentence for one in found.reasons] == [
        f"{found.patient} is free only at other times",
        "rivera is taken by other sessions",
    ]
    assert "if another session of rivera could be moved: Tuesday 2 March at 12:00" in found.remedies


def test_a_relative_with_time_but_too_short_a_consent_is_offered_a_longer_one() -> None:
    monday_only = (consent(Kind.FAMILY_THERAPY, date(2027, 3, 1), date(2027, 3, 1)),)
    hours = (window("mon", "08:00", "09:30"), window("thu", "14:30", "20:00"))
    mother = replace(MOTHER, consents=monday_only, free=hours)
    busy = replace(JORDAN, relatives=(mother,), free=(window("thu", "12:00", "17:30"),))
    found = left_out(evening(patients=(busy,), appointments=(FAM,)))
    assert found.remedies == ("if the consent for jordan-mother covered Thursday 4 March at 15:30",)


def test_a_program_without_hours_says_so() -> None:
    found = left_out(evening(patients=(JORDAN,), appointments=(ONE,), rules=replace(RULES, day_hours_max=0)))
    assert [one.rule for one in found.reasons] == [Rule.DAY_HOURS_MAX]
