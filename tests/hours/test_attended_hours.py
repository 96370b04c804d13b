"""Hours attended equal a naive re-count over random weeks, for all ways of counting, phases and
authorisations.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from scheduler.attendance.models import AttendanceState
from scheduler.hours import Sitting, units_used, week_records
from scheduler.programs import Authorisation, HourCounts, Phase, Rules, Template

MONDAY = date(2027, 3, 1)
WEEKS = 4


def test_late_and_early_minutes_count_and_short_breaks_only_between_what_was_attended() -> None:
    rules = Rules(9, 19, 4)
    sittings = [
        Sitting(MONDAY, 600, 60, AttendanceState.LATE, 40),
        Sitting(MONDAY, 675, 60, AttendanceState.LEFT_EARLY, 30),
        Sitting(MONDAY, 750, 60, AttendanceState.NO_SHOW),
        Sitting(MONDAY, 840, 60, None),
    ]
    stays = [(MONDAY, MONDAY + timedelta(days=27))]

    first = week_records(Template(WEEKS, rules, (), ()), MONDAY, stays, sittings)[0]

    assert (first.scheduled, first.attended) == (15 + 15 + 30 + 4 * 60, 40 + 15 + 30)
    assert (first.unsaid, first.possible) == (1, 40 + 15 + 30 + 60)


def test_patient_discharged_mid_week_counts_no_later_session() -> None:
    rules = Rules(9, 19, 4)
    days = [Sitting(MONDAY + timedelta(days=day), 600, 60, None) for day in range(5)]
    stays = [(MONDAY, MONDAY + timedelta(days=2))]

    records = week_records(Template(WEEKS, rules, (), ()), MONDAY, stays, days)

    assert [(record.scheduled, record.weekdays) for record in records] == [(180, 3)]


@pytest.mark.parametrize(("last", "lacking"), [(27, 7), (2, 0)])
def test_excused_date_lacks_a_make_up_counts_and_a_part_of_a_week_is_not_measured(
    last: int, lacking: int
) -> None:
    excused = Sitting(MONDAY, 600, 180, AttendanceState.EXCUSED)
    make_up = Sitting(MONDAY, 1000, 120, None)
    stays = [(MONDAY, MONDAY + timedelta(days=last))]

    week = week_records(Template(WEEKS, Rules(9, 19, 4), (), ()), MONDAY, stays, [excused, make_up])

    assert (week[0].scheduled_hours, week[0].reachable, week[0].at_risk) == (5, 2, lacking)


@pytest.mark.parametrize("counts", HourCounts)
def test_hours_equal_a_naive_recount(
    counts: HourCounts, seed: int, trials: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    for _ in range(trials(40, 2000)):
        _compare(counts, chance)


def _compare(counts: HourCounts, chance: random.Random) -> None:
    rules = Rules(9, 19, 4, day_minutes_min=chance.choice([None, 60, 180]), hour_counts=counts)
    phases = (Phase("Step-down", 3, 4, 3, 6),) if chance.random() < 0.5 else ()
    template = Template(WEEKS, rules, (), (), phases)
    last = MONDAY + timedelta(days=chance.randrange(1, 28))
    stays = [(MONDAY, last)]
    sittings = _sittings(chance)
    authorisations = _authorisations(chance)

    records = week_records(template, MONDAY, stays, sittings)
    units = units_used(template, stays, authorisations, sittings)

    for record in records:
        days = [MONDAY + timedelta(days=7 * (record.week - 1) + day) for day in range(7)]
        here = [day for day in days if day <= last]
        scheduled = [_naive(_minutes(sittings, day, attended=False), counts) for day in here]
        attended = [_naive(_minutes(sittings, day, attended=True), counts) for day in here]
        least = rules.day_minutes_min or 1
        assert record.scheduled_hours == pytest.approx(sum(scheduled) / 60)
        assert record.attended_hours == pytest.approx(sum(attended) / 60)
        assert record.days_attended == sum(_real(minutes, counts) >= least for minutes in attended)
        in_phase = bool(phases) and record.week >= 3
        assert (record.least, record.phase) == ((3, "Step-down") if in_phase else (9, ""))
    assert sum(record.scheduled for record in records) == _all(sittings, last, counts)
    assert [each.used for each in units] == _naive_units(
        sittings, authorisations, last, rules, counts
    )


def _sittings(chance: random.Random) -> list[Sitting]:
    found = []
    for number in range(28):
        begins = 540
        for _ in range(chance.randrange(4)):
            minutes = chance.choice([25, 50, 60, 90])
            state = chance.choice([None, *AttendanceState])
            there = 0
            if state is AttendanceState.PRESENT:
                there = minutes
            elif state in {AttendanceState.LATE, AttendanceState.LEFT_EARLY}:
                there = chance.randrange(1, minutes)
            day = MONDAY + timedelta(days=number)
            found.append(Sitting(day, begins, minutes, state, there))
            begins += minutes + chance.choice([0, 10, 30, 31, 45])
    return found


def _authorisations(chance: random.Random) -> list[Authorisation]:
    found = []
    first = MONDAY
    for _ in range(chance.randrange(3)):
        last = first + timedelta(days=chance.randrange(14))
        found.append(Authorisation(first, last, 5))
        first = last + timedelta(days=chance.randrange(-2, 3))
    return found


def _minutes(sittings: list[Sitting], day: date, *, attended: bool) -> list[set[int]]:
    """Each sitting of a day as the set of its minutes."""
    found = []
    for sitting in sittings:
        if sitting.day != day:
            continue
        begins, ends = sitting.begins, sitting.begins + sitting.minutes
        if attended:
            if sitting.state is None or not sitting.there:
                continue
            if sitting.state is AttendanceState.LATE:
                begins = ends - sitting.there
            else:
                ends = begins + sitting.there
        found.append(set(range(begins, ends)))
    return found


def _naive(sets: list[set[int]], counts: HourCounts) -> float:
    """Count a day in minutes of an hour of 60, minute by minute."""
    if counts is HourCounts.UNITS:
        return sum(len(minutes) // 25 for minutes in sets) * 30
    there = set().union(*sets)
    total = len(there)
    if counts is HourCounts.CLOCK and there:
        gap = 0
        for minute in range(min(there), max(there) + 1):
            if minute not in there:
                gap += 1
            else:
                total += gap if gap <= 30 else 0
                gap = 0
    return total


def _real(minutes: float, counts: HourCounts) -> float:
    """What a day's figure is in minutes of service: half a unit is 25."""
    return minutes / 30 * 25 if counts is HourCounts.UNITS else minutes


def _all(sittings: list[Sitting], last: date, counts: HourCounts) -> float:
    days = {sitting.day for sitting in sittings if sitting.day <= last}
    total = sum(_naive(_minutes(sittings, day, attended=False), counts) for day in days)
    return total / 30 if counts is HourCounts.UNITS else total


def _naive_units(
    sittings: list[Sitting],
    authorisations: list[Authorisation],
    last: date,
    rules: Rules,
    counts: HourCounts,
) -> list[int]:
    used = [0 for _ in authorisations]
    day = MONDAY
    while day <= last:
        minutes = _real(_naive(_minutes(sittings, day, attended=True), counts), counts)
        if minutes >= (rules.day_minutes_min or 1):
            for number, authorisation in enumerate(authorisations):
                if authorisation.first <= day <= authorisation.last:
                    used[number] += 1
                    break
        day += timedelta(days=1)
    return used
