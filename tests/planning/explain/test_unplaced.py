"""Why an appointment has no time, as a coordinator would tell it, and the nearest thing that would
help.

Every rule that can be the reason has its week. A father without a consent stands by and is never
named.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

from scheduler.people.availability import Absence, Licence
from scheduler.planning.planner import make_plan
from scheduler.planning.problem.plan import Rule, Unplaced
from scheduler.planning.problem.problem import Commitment, Patient, Problem, Relative
from scheduler.programs import FixedSlot, HourCounts, Kind, School, Term
from tests.planning.week_grid import (
    CHEN,
    FAM,
    FATHER,
    JORDAN,
    MOTHER,
    NOEMIE,
    ONE,
    RIVERA,
    RULES,
    at,
    consent,
    evening,
    window,
)

ONCE = replace(ONE, last_week=1)
"""One individual session in week 1: no series, so no usual hour."""
FAM_ONCE = replace(FAM, every_weeks=1, last_week=1)


def left_out(problem: Problem) -> Unplaced:
    """The first appointment without a time."""
    plan = make_plan(problem)
    assert plan.broken == ()
    assert "jordan-father" not in str(plan.unplaced)
    return plan.unplaced[0]


def jordan(**changes: object) -> Problem:
    """The evening cohort with Jordan alone, changed."""
    alone = replace(JORDAN, **changes)  # type: ignore[arg-type]
    return evening(patients=(alone,), appointments=(ONCE,))


def with_family(*relatives: Relative, **changes: object) -> Problem:
    """Jordan alone with these relatives and the father, a family session to place."""
    alone: Patient = replace(JORDAN, relatives=(*relatives, FATHER), **changes)  # type: ignore[arg-type]
    return evening(patients=(alone,), appointments=(FAM_ONCE,))


def sentences(found: Unplaced) -> list[str]:
    return [one.sentence for one in found.reasons]


# Hours


def test_hours_that_never_meet_name_both_and_say_the_nearest_hour_of_each() -> None:
    found = left_out(jordan(free=(window("tue", "08:00", "11:00"),)))
    assert sentences(found) == [
        "rivera works only Mon to Fri 12:00 PM to 9:00 PM",
        "jordan is free only Tue 8:00 AM to 11:00 AM",
    ]
    assert found.remedies == (
        "if rivera could make Tuesday 2 March at 10:00 AM",
        "if jordan could make Tuesday 2 March at 12:00 PM",
    )


def test_a_patient_who_is_never_free_is_the_whole_reason() -> None:
    found = left_out(jordan(free=()))
    assert sentences(found) == ["jordan is free never"]
    assert [(one.rule, one.people) for one in found.reasons] == [(Rule.PATIENT_FREE, ("jordan",))]
    assert found.remedies == ("if jordan could make Monday 1 March at 12:00 PM",)


def test_a_patient_in_another_zone_is_told_in_both_times() -> None:
    found = left_out(jordan(zone="America/Denver", free=(window("tue", "06:00", "09:00"),)))
    assert sentences(found)[1] == "jordan is free only Tue 6:00 AM to 9:00 AM (Denver time)"
    assert (
        found.remedies[1]
        == "if jordan could make Tuesday 2 March at 12:00 PM (10:00 AM Denver time)"
    )


def test_the_mother_is_named_with_the_hour_nearest_to_hers_in_both_zones() -> None:
    found = left_out(with_family(replace(MOTHER, free=(window("tue", "20:00", "21:00"),))))
    assert [(one.rule, one.people) for one in found.reasons] == [
        (Rule.CLINICIAN_HOURS, ("rivera",)),
        (Rule.RELATIVE_FREE, ("jordan-mother",)),
    ]
    assert sentences(found)[1] == "jordan-mother is free only Tue 8:00 PM to 9:00 PM (Chicago time)"
    assert found.remedies == (
        "if rivera could make Tuesday 2 March at 9:00 PM",
        "if jordan-mother could make Tuesday 2 March at 8:00 PM (7:00 PM Chicago time)",
    )


def test_another_day_where_a_relative_is_across_midnight_is_named() -> None:
    sister = replace(
        MOTHER, key="jordan-sister", zone="Asia/Tokyo", free=(window("sun", "03:00", "04:00"),)
    )
    found = left_out(with_family(sister))
    assert found.remedies == (
        "if rivera could make Saturday 6 March at 1:00 PM",
        "if jordan-sister could make Tuesday 2 March at 5:00 PM (Wednesday 7:00 AM Tokyo time)",
    )


def test_of_two_relatives_each_is_named_with_their_own_hours() -> None:
    aunt = replace(MOTHER, key="jordan-aunt", free=(window("wed", "06:00", "08:00"),))
    found = left_out(with_family(replace(MOTHER, free=(window("tue", "20:00", "21:00"),)), aunt))
    assert found.reasons[1].people == ("jordan-mother", "jordan-aunt")
    assert sentences(found)[1] == (
        "jordan-mother is free only Tue 8:00 PM to 9:00 PM (Chicago time), "
        "jordan-aunt is free only Wed 6:00 AM to 8:00 AM (Chicago time)"
    )
    assert found.remedies == (
        "if rivera could make Tuesday 2 March at 9:00 PM",
        "if jordan-mother could make Tuesday 2 March at 8:00 PM (7:00 PM Chicago time)",
        "if jordan-aunt could make Wednesday 3 March at 12:00 PM (11:00 AM Chicago time)",
    )


def test_nobody_alone_can_help_so_both_are_asked_together() -> None:
    early = replace(MOTHER, free=(window("tue", "05:00", "07:00"),))
    found = left_out(with_family(early, free=(window("fri", "07:00", "09:00"),)))
    assert found.remedies == (
        "if rivera and jordan could both make Tuesday 2 March at 7:00 AM",
        "if rivera and jordan-mother could both make "
        "Friday 5 March at 8:00 AM (7:00 AM Chicago time)",
    )


# Consent


def test_a_consent_that_leaves_no_time_is_offered_only_while_it_holds() -> None:
    short = (consent(Kind.FAMILY_THERAPY, date(2027, 3, 2), date(2027, 3, 2)),)
    found = left_out(
        with_family(replace(MOTHER, consents=short, free=(window("tue", "08:00", "10:00"),)))
    )
    assert found.remedies == (
        "if rivera could make Tuesday 2 March at 10:00 AM",
        "if jordan-mother could make Tuesday 2 March at 12:00 PM (11:00 AM Chicago time)",
    )


def test_a_relative_with_time_but_too_short_a_consent_is_offered_a_longer_one() -> None:
    monday_only = (consent(Kind.FAMILY_THERAPY, date(2027, 3, 1), date(2027, 3, 1)),)
    hours = (window("mon", "08:00", "09:30"), window("thu", "14:30", "20:00"))
    mother = replace(MOTHER, consents=monday_only, free=hours)
    found = left_out(with_family(mother, free=(window("thu", "12:00", "17:30"),)))
    assert sentences(found) == [
        "jordan is free only Thu 12:00 PM to 5:30 PM",
        "the consent for jordan-mother ends on Monday 1 March",
    ]
    assert (
        found.remedies[0] == "if the consent for jordan-mother covered Thursday 4 March at 3:30 PM"
    )


def test_a_consent_that_begins_too_late_says_when() -> None:
    late = (consent(Kind.FAMILY_THERAPY, date(2027, 3, 6), date(2027, 6, 30)),)
    mother = replace(MOTHER, consents=late, free=(window("tue sat", "15:30", "20:00"),))
    found = left_out(with_family(mother))
    assert sentences(found) == [
        "rivera works only Mon to Fri 12:00 PM to 9:00 PM",
        "the consent for jordan-mother begins on Saturday 6 March",
    ]
    assert "if the consent for jordan-mother covered Tuesday 2 March at 4:30 PM" in found.remedies


def test_a_consent_that_begins_as_the_week_ends_is_the_reason() -> None:
    monday_after = (consent(Kind.FAMILY_THERAPY, date(2027, 3, 8), date(2027, 6, 30)),)
    found = left_out(with_family(replace(MOTHER, free=None, consents=monday_after)))
    assert sentences(found) == ["the consent for jordan-mother does not cover week 1"]
    assert found.remedies == (
        "if the consent for jordan-mother covered Monday 1 March at 12:00 PM",
    )


# Licence and clinician


def test_a_missing_licence_is_the_whole_reason_and_names_the_state_in_full() -> None:
    found = left_out(jordan(state="RI"))
    assert sentences(found) == ["rivera holds no Rhode Island licence"]
    assert found.remedies == ("if rivera held a Rhode Island licence: Monday 1 March at 12:00 PM",)


def test_a_licence_that_has_ended_says_when_and_asks_to_renew_it() -> None:
    ended = replace(RIVERA, licences=(Licence("MA", date(2027, 2, 28)),))
    found = left_out(evening(patients=(JORDAN,), appointments=(ONCE,), clinicians=(ended, CHEN)))
    assert sentences(found) == ["rivera's Massachusetts licence ends on Sunday 28 February 2027"]
    assert found.remedies == (
        "if rivera's Massachusetts licence were renewed: Monday 1 March at 12:00 PM",
    )


def test_a_clinician_away_is_named_with_the_days() -> None:
    away = replace(RIVERA, away=(Absence(date(2027, 3, 1), date(2027, 3, 5)),))
    found = left_out(evening(patients=(JORDAN,), appointments=(ONCE,), clinicians=(away, CHEN)))
    assert sentences(found) == [
        "rivera works only Mon to Fri 12:00 PM to 9:00 PM",
        "rivera is away on Monday 1 March to Friday 5 March",
    ]
    assert "if rivera were not away: Monday 1 March at 12:00 PM" in found.remedies


# Days


def test_closed_days_are_named_with_their_note() -> None:
    closed = {date(2027, 3, day): "snow" for day in (2, 3)}
    found = left_out(replace(jordan(free=(window("tue wed", "12:00", "17:00"),)), closed=closed))
    assert sentences(found) == [
        "jordan is free only Tue and Wed 12:00 PM to 5:00 PM",
        "the clinic is closed on Tuesday 2 March to Wednesday 3 March (snow)",
    ]
    assert "if the clinic were open Tuesday 2 March at 12:00 PM" in found.remedies


def test_a_stay_that_ends_too_early_says_until_when() -> None:
    found = left_out(jordan(last=date(2027, 3, 4), free=(window("fri", "12:00", "17:00"),)))
    assert sentences(found) == [
        "jordan is free only Fri 12:00 PM to 5:00 PM",
        "jordan is enrolled only until Thursday 4 March",
    ]
    assert found.remedies == (
        "if jordan could make Monday 1 March at 12:00 PM",
        "if the stay of jordan included Friday 5 March at 12:00 PM",
    )


def test_what_is_over_is_said_and_never_offered() -> None:
    first = make_plan(evening(patients=(NOEMIE,), appointments=(ONCE,)))
    monday = replace(JORDAN, free=(window("mon", "12:00", "17:00"),))
    again = evening(patients=(monday, NOEMIE), appointments=(ONCE,), published=first.sessions)
    found = left_out(replace(again, now=datetime(2027, 3, 3, 15, tzinfo=UTC)))
    assert sentences(found) == [
        "jordan is free only Mon 12:00 PM to 5:00 PM",
        "of week 1 only what is left can be planned, after Wednesday 3 March",
    ]
    assert found.remedies == ("if jordan could make Wednesday 3 March at 12:00 PM",)


def test_the_assessment_that_comes_first_is_named_with_its_end() -> None:
    assess = replace(ONE, key="assess", kind=Kind.ASSESSMENT, every_weeks=4)
    busy = replace(JORDAN, free=(window("tue", "12:00", "13:00"),))
    problem = evening(patients=(busy,), appointments=(assess, ONE))
    found = left_out(problem)
    assert found.appointment == "one"
    assert sentences(found)[-1] == (
        "the assessment of jordan has to come first and ends on Tuesday 2 March at 12:50 PM"
    )


# Hours of the day and week


def test_a_program_without_hours_says_so() -> None:
    found = left_out(
        evening(patients=(JORDAN,), appointments=(ONCE,), rules=replace(RULES, day_hours_max=0))
    )
    assert [one.rule for one in found.reasons] == [Rule.DAY_HOURS_MAX]
    assert sentences(found) == ["jordan would have more than 0 hours in a day"]
    assert found.remedies == (
        "if jordan could have more hours in a day: Monday 1 March at 12:00 PM",
    )


def test_a_full_week_is_told_apart_from_a_full_day() -> None:
    rules = replace(RULES, week_hours_max=9, hour_counts=HourCounts.NET)
    found = left_out(evening(patients=(JORDAN,), appointments=(ONCE,), rules=rules))
    assert sentences(found) == ["jordan would have more than 9 hours in week 1"]
    assert found.remedies == (
        "if jordan could have more hours in a week: Monday 1 March at 12:00 PM",
    )


# Other sessions


def test_a_taken_clinician_is_named_with_the_session_in_the_way() -> None:
    noon = (window("tue", "12:00", "12:50"),)
    problem = evening(
        patients=(replace(JORDAN, free=noon), replace(NOEMIE, free=noon)),
        appointments=(ONE,),
        clinicians=(RIVERA,),
    )
    found = left_out(replace(problem, leads={}))
    other = {"jordan": "noemie", "noemie": "jordan"}[found.patient]
    assert sentences(found) == [
        f"{found.patient} is free only Tue 12:00 PM to 12:50 PM",
        f"rivera is taken then by the individual session of {other} on Tuesday 2 March at 12:00 PM",
    ]
    assert (
        f"if the individual session of {other} on Tuesday 2 March at 12:00 PM could be moved: "
        "Tuesday 2 March at 12:00 PM" in found.remedies
    )


def test_a_patient_in_a_group_then_is_told_which() -> None:
    found = left_out(jordan(free=(window("mon", "18:00", "19:00"),)))
    assert sentences(found)[1].endswith("is taken then by Process on Monday 1 March at 6:00 PM")


def test_nobody_is_asked_to_move_a_group_where_something_else_would_do() -> None:
    found = left_out(jordan(free=(window("mon", "18:00", "19:00"),)))
    assert found.remedies == ("if jordan could make Monday 1 March at 5:00 PM",)


def test_a_clinician_in_another_cohort_is_told_which() -> None:
    busy = Commitment(
        datetime(2027, 3, 2, 17, tzinfo=UTC),
        datetime(2027, 3, 2, 18, tzinfo=UTC),
        ("rivera",),
        about="morning.circle.x",
    )
    found = left_out(replace(jordan(free=(window("tue", "12:00", "13:00"),)), busy=(busy,)))
    assert (
        sentences(found)[1]
        == "rivera is taken then by a session of morning on Tuesday 2 March at 12:00 PM"
    )


def test_a_full_house_says_how_many_rooms() -> None:
    busy = Commitment(
        datetime(2027, 3, 2, 17, tzinfo=UTC), datetime(2027, 3, 2, 18, tzinfo=UTC), (), "a"
    )
    found = left_out(
        replace(jordan(free=(window("tue", "12:00", "13:00"),)), busy=(busy,), rooms=("a",))
    )
    assert sentences(found)[1] == "the only room is taken then, as on Tuesday 2 March at 12:00 PM"
    assert "if there were another room: Tuesday 2 March at 12:00 PM" in found.remedies


# Nearest


def test_the_usual_hour_is_offered_before_any_other() -> None:
    away = replace(RIVERA, away=(Absence(date(2027, 3, 16), date(2027, 3, 16)),))
    tuesdays = replace(JORDAN, free=(window("tue", "14:00", "15:00"),))
    found = left_out(evening(patients=(tuesdays,), appointments=(ONE,), clinicians=(away, CHEN)))
    assert found.key == "evening.one.jordan.w3"
    assert found.remedies == (
        "if jordan could make Monday 15 March at 2:00 PM",
        "if rivera were not away: Tuesday 16 March at 2:00 PM",
    )


def test_each_part_of_the_smallest_set_is_needed() -> None:
    talk = FixedSlot("talk", Kind.GROUP, "Talk", ("tue",), at("12:00"), 60, 1, 4)
    problem = replace(
        jordan(free=(window("tue", "12:00", "12:50"),)), closed={date(2027, 3, 2): ""}
    )
    found = left_out(replace(problem, template=replace(problem.template, slots=(talk,))))
    assert [one.rule for one in found.reasons] == [Rule.PATIENT_FREE, Rule.CLOSED]


# School


def test_school_hours_are_said_and_school_could_let_them_go() -> None:
    lessons = School(
        (window("mon tue wed thu fri", "08:00", "14:30"),),
        (Term(date(2027, 1, 4), date(2027, 6, 18)),),
    )
    teen = replace(JORDAN, born=date(2011, 5, 2), free=(window("tue", "13:00", "14:30"),))
    problem = evening(patients=(teen,), appointments=(ONCE,), rules=replace(RULES, school=lessons))
    found = left_out(problem)
    assert sentences(found) == [
        "jordan is free only Tue 1:00 PM to 2:30 PM",
        "jordan is at school Mon to Fri 8:00 AM to 2:30 PM",
    ]
    assert found.remedies[1] == "if school let jordan go Tuesday 2 March at 1:30 PM"


def one_mother_of_two(**elsewhere: object) -> Problem:
    """Jordan and Noemie have one mother, who has an hour a week, and the same clinician."""
    hour = (window("tue", "16:00", "17:00"),)
    jordan = replace(
        JORDAN, relatives=(replace(MOTHER, zone="America/New_York", free=hour), FATHER)
    )
    hers = replace(jordan.relatives[0], key="noemie-mother")
    noemie = replace(NOEMIE, relatives=(hers, replace(FATHER, key="noemie-father")))
    bodies = {"jordan-mother": "dana", "noemie-mother": "dana"}
    return evening(patients=(jordan, noemie), appointments=(FAM_ONCE,), bodies=bodies, **elsewhere)


def test_mother_of_two_has_another_appointment_and_nobody_learns_of_which() -> None:
    plan = make_plan(one_mother_of_two())
    (unplaced,) = plan.unplaced
    other = {"jordan": "noemie", "noemie": "jordan"}[unplaced.patient]

    assert plan.broken == ()
    assert [session.patients for session in plan.placed] == [(other,)]
    assert other not in str(unplaced)
    assert "father" not in str(unplaced)


def test_mother_of_two_is_free_for_one_and_then_for_the_other() -> None:
    problem = one_mother_of_two()
    hours = (window("tue", "16:00", "18:15"),)
    patients = []
    for patient in problem.patients:
        mother, father = patient.relatives
        patients.append(replace(patient, relatives=(replace(mother, free=hours), father)))
    plan = make_plan(replace(problem, patients=tuple(patients)))

    assert (plan.unplaced, plan.broken) == ((), ())
    first, second = sorted(plan.placed, key=lambda session: session.start)
    assert first.end <= second.start
