"""Generated clinics, judged a second time by plain counting that shares nothing with the checks but
the plan.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from benchmarks.generated import clinic, together
from scheduler.people import Window
from scheduler.planning.planner import make_plan
from scheduler.planning.problem.plan import Plan, Rule
from scheduler.planning.problem.problem import Patient, Problem
from scheduler.planning.rules.judge import judge
from scheduler.planning.rules.week_hours import week_hours
from scheduler.programs import HourCounts, Kind, Phase, School, Term

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def naive_faults(problem: Problem, plan: Plan) -> list[str]:
    """Say what is wrong minute by minute."""
    faults = []
    minutes: dict[tuple[str, datetime], str] = {}
    for one in sorted(plan.sessions, key=lambda each: each.start):
        there = [*one.seated, *one.relatives, f"room {one.room}"]
        length = timedelta(minutes=one.minutes)
        faults += _taken(minutes, there, one.start, length, one.key)
        buffer = timedelta(
            minutes=0 if one.fixed else problem.clinician_by_key[one.clinicians[0]].buffer
        )
        faults += _taken(minutes, list(one.clinicians), one.start, length + buffer, one.key)
        if one.fixed:
            continue
        patient = problem.patient_by_key[one.patients[0]]
        clinician = problem.clinician_by_key[patient.clinician]
        for who, windows, zone in (
            (patient.key, patient.free, patient.zone),
            (clinician.key, clinician.hours, clinician.zone),
            *(
                (key, problem.relative_by_key[key].free, problem.relative_by_key[key].zone)
                for key in one.relatives
            ),
        ):
            if not _free(windows, zone, one.start, one.end):
                faults.append(f"{who} is not free for {one.key}")
        if not patient.first <= one.day <= patient.last or one.day in problem.closed:
            faults.append(f"{one.key} on {one.day}")
        if any(away.first <= one.day <= away.last for away in clinician.away):
            faults.append(f"{clinician.key} is away on {one.day}")
        if ".fam." in one.key and not one.relatives:
            faults.append(f"nobody comes to {one.key}")
        faults += _at_school(problem, patient, one.start, one.end)
    return faults + _twice_a_day(problem, plan)


def _twice_a_day(problem: Problem, plan: Plan) -> list[str]:
    """Compare each appointment with everything else of its patient on that date."""
    kinds = problem.template.rules.once_a_day
    return [
        f"{one.key} and {other.key} on {one.day}"
        for one in plan.placed
        for other in plan.sessions
        if one.kind in kinds and other.kind in kinds and one is not other
        if one.day == other.day and set(one.seated) & set(other.seated)
    ]


def _at_school(problem: Problem, patient: Patient, start: datetime, end: datetime) -> list[str]:
    """Look at the patient's own clock minute by minute."""
    school, moment = problem.template.rules.school, start
    while school and patient.born and moment < end:
        clock = moment.astimezone(ZoneInfo(patient.zone))
        years = (
            clock.year
            - patient.born.year
            - (clock.timetuple()[1:3] < patient.born.timetuple()[1:3])
        )
        in_term = any(
            str(term.first) <= f"{clock:%Y-%m-%d}" <= str(term.last) for term in school.terms
        )
        for hours in school.hours if in_term and years < 18 else ():
            begin, finish = divmod(hours.start, 60), divmod(hours.end, 60)
            if DAYS[clock.weekday()] in hours.days and begin <= (clock.hour, clock.minute) < finish:
                return [f"{patient.key} is at school at {clock}"]
        moment += timedelta(minutes=1)
    return []


def _taken(
    minutes: dict[tuple[str, datetime], str],
    people: list[str],
    start: datetime,
    length: timedelta,
    key: str,
) -> list[str]:
    faults, moment = set(), start
    while moment < start + length:
        for person in people:
            other = minutes.setdefault((person, moment), key)
            if other != key and not (_is_group(other) and _is_group(key)):
                faults.add(f"{person} is in {other} and {key}")
        moment += timedelta(minutes=1)
    return sorted(faults)


def _is_group(key: str) -> bool:
    return ".talk." in key or ".skills." in key


def _free(windows, zone: str, start: datetime, end: datetime) -> bool:  # type: ignore[no-untyped-def]
    begin, finish = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    first, last = begin.hour * 60 + begin.minute, finish.hour * 60 + finish.minute
    return any(
        DAYS[begin.weekday()] in one.days and one.start <= first and last <= one.end
        for one in windows
    )


@pytest.mark.parametrize("seed", range(4))
def test_no_generated_plan_breaks_a_rule_by_either_judge(seed: int) -> None:
    problem = together(clinic(20, 6, seed))
    plan = make_plan(problem, seconds=3, seed=seed)
    assert plan.broken == ()
    assert naive_faults(problem, plan) == []


@pytest.mark.parametrize("seed", range(2))
def test_no_generated_plan_takes_a_pupil_out_of_school_by_either_judge(seed: int) -> None:
    morning = School((Window(DAYS[:5], 480, 750),), (Term(date(2027, 1, 4), date(2027, 3, 19)),))
    house = together([_with_pupils(one, morning, Random(seed)) for one in clinic(20, 6, seed)])
    plan = make_plan(house, seconds=3, seed=seed)
    assert plan.broken == ()
    assert naive_faults(house, plan) == []
    without = make_plan(together(clinic(20, 6, seed)), seconds=3, seed=seed)
    assert any("at school" in fault for fault in naive_faults(house, without))


def _with_pupils(problem: Problem, school: School, rng: Random) -> Problem:
    """Return a cohort whose patients are 15 to 19 years old, some coming of age on the way."""
    born = [date(2009, 3, 1) + timedelta(days=rng.randrange(-400, 700)) for _ in problem.patients]
    patients = tuple(
        replace(one, born=day) for one, day in zip(problem.patients, born, strict=True)
    )
    rules = replace(problem.template.rules, school=school)
    return replace(problem, patients=patients, template=replace(problem.template, rules=rules))


@pytest.mark.parametrize("seed", range(2))
def test_both_judges_find_the_same_days_with_two_of_what_comes_once(seed: int) -> None:
    problem = clinic(10, 6, seed)[0]
    plan = make_plan(problem, seconds=2, seed=seed)
    rules = replace(problem.template.rules, once_a_day=(Kind.INDIVIDUAL, Kind.GROUP))
    strict = replace(problem, template=replace(problem.template, rules=rules))
    found = {(one.patient, one.week) for one in judge(strict, plan) if one.hard}
    assert {one.rule for one in judge(strict, plan) if one.hard} == {Rule.ONCE_A_DAY}
    named = {fault.split(" ")[0].split(".")[2] for fault in naive_faults(strict, plan)}
    assert {patient for patient, _ in found} == named


def test_each_due_appointment_is_placed_once_or_explained() -> None:
    plan = make_plan(together(clinic(20, 6, 1)), seconds=3)
    counted: dict[str, int] = defaultdict(int)
    for one in (*plan.placed, *plan.unplaced):
        counted[one.key] += 1
    assert set(counted.values()) == {1}
    assert all(one.reasons for one in plan.unplaced)


def _stepping_down(problem: Problem, rng: Random) -> Problem:
    """Return a cohort in two phases, some of whose patients stay twice."""
    least = rng.choice((3.0, 4.5))
    steps = (Phase("Full", 1, 3, 5, 9), Phase("Step-down", 4, 6, least, least + 2))
    patients = []
    for patient in problem.patients:
        gaps = ()
        if rng.random() < 0.4:
            left = patient.first + timedelta(days=rng.randrange(5, 20))
            gaps = ((left, left + timedelta(days=rng.randrange(1, 9))),)
        patients.append(replace(patient, gaps=gaps))
    template = replace(problem.template, phases=steps)
    return replace(problem, patients=tuple(patients), template=template)


def _minutes_of_weeks(plan: Plan, patient: str, starts: date) -> dict[int, int]:
    """Count a patient's weeks minute by minute, with breaks of at most half an hour."""
    taken: dict[date, set[int]] = defaultdict(set)
    for one in plan.sessions:
        if patient in one.seated:
            taken[one.day] |= set(range(one.at, one.at + one.minutes))
    found: dict[int, int] = defaultdict(int)
    for day, minutes in taken.items():
        ends = [minute for minute in minutes if minute + 1 not in minutes]
        breaks = 0
        for end in ends:
            after = [minute for minute in minutes if minute > end]
            gap = min(after) - end - 1 if after else 0
            breaks += gap if gap <= 30 else 0
        found[(day - starts).days // 7 + 1] += len(minutes) + breaks
    return found


@pytest.mark.parametrize("seed", range(3))
def test_hours_by_phase_are_those_of_a_naive_count(seed: int) -> None:
    rng = Random(seed)
    house = together([_stepping_down(one, rng) for one in clinic(20, 6, seed)])
    plan = make_plan(house, seconds=3, seed=seed)
    assert plan.broken == ()

    monday = house.starts - timedelta(days=house.starts.weekday())
    for had in week_hours(house, plan.sessions):
        phase = house.template.phases[0 if had.week <= 3 else 1]
        counted = _minutes_of_weeks(plan, had.patient, monday).get(had.week, 0)
        assert had.hours[HourCounts.CLOCK] * 60 == pytest.approx(counted)
        assert (had.phase, had.least, had.most) == (
            phase.name,
            phase.week_hours_min,
            phase.week_hours_max,
        )
        assert counted <= phase.week_hours_max * 60
    gone = [
        one
        for one in plan.sessions
        for key in one.patients
        for first, last in house.patient_by_key[key].gaps
        if first <= one.day <= last
    ]
    assert gone == []
