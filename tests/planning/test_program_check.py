"""A program tried on made-up families at every Monday: what a calendar and a hand count say."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.planning.made_up_families import made_up_families
from scheduler.planning.program_check import Trial, check_program
from scheduler.programs import Phase, Rules, Template
from tests.planning.week_grid import CHEN, ONE, PROCESS, RIVERA, RULES, SKILLS, ZONE, window

FIRST = date(2027, 3, 1)


@dataclass(frozen=True)
class Away:
    first: date
    last: date
    note: str | None


def trial(template: Template, *closures: Away, holidays: str = "closed") -> Trial:
    return Trial(
        program="evening",
        template=template,
        zone=ZONE,
        state="MA",
        holidays=holidays,
        closures=closures,
        clinicians=(RIVERA, CHEN),
        leads={"process": ("rivera",), "skills": ("chen",)},
        treating=("rivera",),
    )


def groups(rules: Rules = RULES) -> Template:
    """Three evenings of three hours, nothing else: exactly nine hours on three days."""
    return Template(4, rules, (PROCESS, SKILLS), ())


def test_program_of_groups_holds_where_no_evening_is_closed() -> None:
    storm = Away(date(2027, 7, 14), date(2027, 7, 14), "storm")

    found = check_program(
        trial(groups(), storm, holidays="open"), first=FIRST, years=1, families=2, seed=1
    )

    mondays = [FIRST + timedelta(weeks=number) for number in range(52)]
    broken = [monday for monday in mondays if monday <= storm.first < monday + timedelta(weeks=4)]
    assert (found.starts, found.hold, found.is_kept) == (52, 52 - len(broken), False)
    assert len(broken) == 4
    assert found.worst is not None
    assert (found.worst.starts, found.worst.week) == (date(2027, 6, 21), 4)
    assert found.worst.said == "family-1 has 6 of at least 9 hours in week 4"
    assert found.worst.why == "closed on Wed 14 July 2027 (storm)"


def test_public_holidays_of_the_state_count() -> None:
    found = check_program(trial(groups()), first=FIRST, years=1, families=1, seed=1)

    monday_holidays = {date(2027, 4, 19), date(2027, 5, 31), date(2027, 9, 6), date(2027, 10, 11)}
    others = {date(2027, 7, 5), date(2027, 11, 11), date(2027, 11, 25)}
    after_new_year = {date(2028, 1, 17), date(2028, 2, 21)}
    closed = monday_holidays | others | after_new_year
    mondays = [FIRST + timedelta(weeks=number) for number in range(52)]
    held = [
        monday
        for monday in mondays
        if not any(monday <= day < monday + timedelta(weeks=4) for day in closed)
    ]
    assert found.hold == len(held)


def test_phase_that_asks_less_holds_where_the_whole_program_does_not() -> None:
    less = replace(groups(replace(RULES, week_days_min=None)), phases=(Phase("Less", 1, 4, 6, 9),))
    closed = Away(date(2027, 1, 1), date(2028, 12, 31), None)
    mondays_off = [
        Away(FIRST + timedelta(weeks=number), FIRST + timedelta(weeks=number), "Monday")
        for number in range(60)
    ]

    kept = check_program(
        trial(less, *mondays_off, holidays="open"), first=FIRST, years=1, families=1, seed=1
    )
    never = check_program(
        trial(less, closed, holidays="open"), first=FIRST, years=1, families=1, seed=1
    )

    assert (kept.is_kept, kept.worst) == (True, None)
    assert (never.hold, never.worst is None) == (0, False)


def test_appointment_without_time_is_the_reason() -> None:
    template = Template(4, replace(RULES, week_hours_min=9.5), (PROCESS, SKILLS), (ONE,))
    evenings = replace(CHEN, hours=(window("mon wed thu", "18:00", "21:00"),))
    busy = replace(
        trial(template, holidays="open"), clinicians=(RIVERA, evenings), treating=("chen",)
    )

    found = check_program(busy, first=FIRST, years=1, families=1, seed=1)

    assert found.hold == 0
    assert found.worst is not None
    assert found.worst.why.startswith("one has no time: ")


def test_same_seed_makes_the_same_families() -> None:
    def families(seed: int) -> object:
        return made_up_families(5, seed, zone=ZONE, state="MA", clinicians=[RIVERA])

    assert families(3) == families(3)
    assert families(3) != families(4)


def test_made_up_families_are_free_only_while_their_clinician_works() -> None:
    families = made_up_families(40, 2, zone=ZONE, state="MA", clinicians=[RIVERA, CHEN])

    outside = []
    for family in families:
        (hours,) = (RIVERA if family.clinician == "rivera" else CHEN).hours or ()
        for free in family.free or ():
            if not (hours.start <= free.start < free.end <= hours.end):
                outside.append(free)
            if not set(free.days) <= set(hours.days):
                outside.append(free)
    assert outside == []
    assert {len(family.relatives) for family in families} == {0, 1}
