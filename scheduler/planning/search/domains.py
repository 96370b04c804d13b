"""An appointment to be placed and all starts that its own people and rules leave open, week by
week. Pure.

What depends on other sessions (who is taken, rooms, hours of the day) is the board's, not this
file's.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, reduce

from scheduler.people import Window
from scheduler.planning.problem.due_appointments import DueAppointment
from scheduler.planning.problem.minute_sets import (
    ALL,
    DAY,
    WEEK,
    certain_minutes,
    day_of,
    grid_minutes,
    monday_in,
    span,
    starts_within,
    stretch_minutes,
    week_number,
    window_minutes,
)
from scheduler.planning.problem.plan import Rule
from scheduler.planning.problem.problem import Patient, Problem, Relative
from scheduler.planning.problem.school_hours import school_minutes
from scheduler.planning.problem.wall_time import local
from scheduler.programs import Kind, monday_of


@dataclass(frozen=True, slots=True)
class Domain:
    """One obligation with its length, the clinician's buffer, and its possible starts by week."""

    obligation: DueAppointment
    minutes: int
    buffer: int
    starts: Mapping[int, int]

    @property
    def key(self) -> str:
        """The session's key."""
        return self.obligation.key

    @property
    def series(self) -> str:
        """The key of its series."""
        return self.obligation.series

    @property
    def patient(self) -> str:
        """The patient's key."""
        return self.obligation.patient.key

    @property
    def clinician(self) -> str:
        """The key of who holds it."""
        return self.obligation.clinician

    @property
    def is_assessment(self) -> bool:
        """Whether everything else of the patient has to wait for it."""
        return self.obligation.appointment.kind is Kind.ASSESSMENT


ANY_MONDAY = date(2001, 1, 1)

Condition = tuple[Rule, str, int]
"""A rule, whom it is about, and the minutes (of starts) it allows in one week."""


class Conditions:
    """What each person and rule allows, week by week, with whatever is taken by fixed slots and
    others.
    """

    def __init__(self, problems: Mapping[str, Problem], taken: Callable[[str, int], int]) -> None:
        self.problems = problems
        self.known_days: dict[tuple[str, ...], int] = {}
        self.known_weeks: dict[tuple[str, str, str, int, int], int] = {}
        self.taken = taken

    def demand(self, one: DueAppointment) -> Domain:
        """Return the possible starts of one obligation."""
        clinician = self.problems[one.cohort].clinician_by_key[one.clinician]
        starts = {}
        for week in self.weeks(one):
            found = self._of_house_together(one, week)
            for _, _, allowed in self._of_patient(one, week) if found else ():
                found &= allowed
            starts[week] = found
        return Domain(one, one.appointment.minutes, clinician.buffer, starts)

    def weeks(self, one: DueAppointment) -> range:
        """Return the weeks of an obligation as the calendar numbers them."""
        first = week_number(monday_of(self.problems[one.cohort].starts, 1)) - 1
        return range(first + one.weeks[0], first + one.weeks[1] + 1)

    def of_week(self, one: DueAppointment, week: int) -> Iterator[Condition]:
        """Return each condition on the start of `one` in `week`."""
        yield from self._of_house(one, week)
        yield from self._of_patient(one, week)

    def _of_house_together(self, one: DueAppointment, week: int) -> int:
        """Return what all conditions of the house allow; asked once for all patients of a
        clinician.
        """
        name = (one.cohort, one.clinician, one.patient.state, one.appointment.minutes, week)
        found = self.known_weeks.get(name)
        if found is None:
            found = reduce(lambda left, right: left & right[2], self._of_house(one, week), ALL)
            self.known_weeks[name] = found
        return found

    def _of_house(self, one: DueAppointment, week: int) -> Iterator[Condition]:
        """The conditions that the program and the clinician set."""
        problem, length = self.problems[one.cohort], one.appointment.minutes
        monday, patient = monday_in(week), one.patient
        clinician = problem.clinician_by_key[one.clinician]
        yield Rule.START_GRID, "", grid_minutes(problem.template.rules.start_every)
        yield Rule.WALL_TIME, "", starts_within(certain_minutes(problem.zone, monday), length)
        yield Rule.PAST, "", self._to_come(problem, week)
        days = self._days
        name = (clinician.key, str(week))
        yield (
            Rule.CLOSED,
            "",
            days(("closed", one.cohort, str(week)), monday, lambda day: day not in problem.closed),
        )
        yield (
            Rule.CLINICIAN_AWAY,
            clinician.key,
            days(name, monday, lambda day: not clinician.is_away(day)),
        )
        licensed = days(
            (*name, patient.state), monday, lambda day: clinician.is_licensed(patient.state, day)
        )
        yield Rule.LICENCE, clinician.key, licensed
        yield (
            Rule.CLINICIAN_HOURS,
            clinician.key,
            _fits(clinician.hours, clinician.zone, problem.zone, monday, length),
        )

    def _of_patient(self, one: DueAppointment, week: int) -> Iterator[Condition]:
        """The conditions that the patient's life and family set."""
        problem, length = self.problems[one.cohort], one.appointment.minutes
        monday, patient = monday_in(week), one.patient
        yield Rule.STAY, patient.key, self._stay(problem, patient, week)
        yield (
            Rule.PATIENT_FREE,
            patient.key,
            _fits(patient.free, patient.zone, problem.zone, monday, length),
        )
        school = problem.template.rules.school
        if school and patient.born:
            taught = school_minutes(school, patient, problem.zone, monday)
            yield Rule.SCHOOL_HOURS, patient.key, starts_within(ALL & ~taught, length)
        if one.appointment.for_family:
            yield Rule.RELATIVE_FREE, "", self.family(one, week)

    def family(self, one: DueAppointment, week: int) -> int:
        """Return the starts at which at least one relative is consenting, ready, free and nowhere
        else.
        """
        found = 0
        for relative in one.patient.relatives:
            found |= self.relative(one, relative, week)
        return found

    def relative(self, one: DueAppointment, relative: Relative, week: int) -> int:
        """Return the starts at which this relative can be there under a consent that holds at the
        end.
        """
        if not relative.ready:
            return 0
        return self.consented(one, relative, week) & self.at_leisure(one, relative, week)

    def at_leisure(self, one: DueAppointment, relative: Relative, week: int) -> int:
        """Return the starts at which this relative is free and nowhere else, consent or not."""
        monday, zone = monday_in(week), self.problems[one.cohort].zone
        taken = self.taken(relative.key, week)
        if not taken:
            return _fits(relative.free, relative.zone, zone, monday, one.appointment.minutes)
        free = window_minutes(relative.free, relative.zone, zone, monday) & ~taken
        return starts_within(free, one.appointment.minutes)

    def consented(self, one: DueAppointment, relative: Relative, week: int) -> int:
        """Return the starts whose end falls within a consent for this kind."""
        monday, length = monday_in(week), one.appointment.minutes
        zone = self.problems[one.cohort].zone
        ends = 0
        for consent in relative.consents:
            if consent.kind is one.kind and relative.suits(consent):
                ends |= stretch_minutes(consent.valid_from, consent.valid_until, zone, monday)
        return ends >> length

    def _stay(self, problem: Problem, patient: Patient, week: int) -> int:
        """The minutes of the days of the stay; all, in a week that lies within it."""
        first, last = max(patient.first, problem.starts), patient.last
        monday = monday_in(week)
        if first <= monday and last >= monday + timedelta(days=6):
            return ALL
        return span((first - monday).days * DAY, ((last - monday).days + 1) * DAY)

    def _days(self, name: tuple[str, ...], monday: date, allows: Callable[[date], bool]) -> int:
        """The minutes of the days that `allows` allows; `name` says of whom and which week, to ask
        only once.
        """
        found = self.known_days.get(name)
        if found is None:
            found = 0
            for offset in range(7):
                if allows(monday + timedelta(days=offset)):
                    found |= day_of(offset)
            self.known_days[name] = found
        return found

    def _to_come(self, problem: Problem, week: int) -> int:
        """What is not past; everything, before the cohort is first published."""
        if problem.now is None or not problem.published:
            return ALL
        day, minute = local(problem.now, problem.zone)
        return span((day - monday_in(week)).days * DAY + minute + 1, WEEK)


@lru_cache(maxsize=50_000)
def _fits(
    windows: tuple[Window, ...] | None, windows_zone: str, zone: str, monday: date, length: int
) -> int:
    if windows_zone == zone and monday != ANY_MONDAY:
        # Wall time of one zone is alike in every week.
        return _fits(windows, zone, zone, ANY_MONDAY, length)
    return starts_within(window_minutes(windows, windows_zone, zone, monday), length)
