"""All starts that an appointment's own people and rules leave open, week by week. Pure.

What depends on other sessions (who is taken, rooms, hours of the day) is the board's, not this
file's.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache

from scheduler.people import Window
from scheduler.planning.problem.due_appointments import DueAppointment
from scheduler.planning.problem.minute_sets import (
    ALL,
    DAY,
    WEEK,
    MinuteSet,
    WeekNumber,
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
from scheduler.planning.search.domains import Domain, Guest
from scheduler.programs import monday_of

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

    def demand(self, due: DueAppointment) -> Domain:
        """Return the possible starts of one obligation."""
        clinician = self.problems[due.cohort].clinician_by_key[due.clinician]
        starts = {}
        for week in self.weeks(due):
            found = self._of_house_together(due, week)
            for _, _, allowed in self._of_patient(due, week) if found else ():
                found &= allowed
            starts[week] = found
        return Domain(
            due,
            due.appointment.minutes,
            clinician.buffer,
            starts,
            self._guests(due, starts),
        )

    def _guests(self, due: DueAppointment, starts: Mapping[int, MinuteSet]) -> tuple[Guest, ...]:
        """Return the relatives with other rows, and when each of them could be there."""
        bodies = self.problems[due.cohort].bodies
        if not bodies or not due.appointment.for_family:
            return ()
        found = []
        for relative in due.patient.relatives:
            if relative.key in bodies:
                could = {week: self.relative(due, relative, week) for week in starts}
                found.append(Guest(relative.key, could))
        return tuple(found)

    def weeks(self, due: DueAppointment) -> range:
        """Return the weeks of an obligation as the calendar numbers them."""
        first = week_number(monday_of(self.problems[due.cohort].starts, 1)) - 1
        return range(first + due.weeks[0], first + due.weeks[1] + 1)

    def of_week(self, due: DueAppointment, week: int) -> Iterator[Condition]:
        """Return each condition on the start of `one` in `week`."""
        yield from self._of_house(due, week)
        yield from self._of_patient(due, week)

    def _of_house_together(self, due: DueAppointment, week: WeekNumber) -> MinuteSet:
        """Return what all conditions of the house allow; asked once for all patients of a
        clinician.
        """
        name = (
            due.cohort,
            due.clinician,
            due.patient.state,
            due.appointment.minutes,
            week,
        )
        found = self.known_weeks.get(name)
        if found is None:
            found = ALL
            for _, _, allowed in self._of_house(due, week):
                found &= allowed
            self.known_weeks[name] = found
        return found

    def _of_house(self, due: DueAppointment, week: WeekNumber) -> Iterator[Condition]:
        """Return the conditions that the program and the clinician set."""
        problem = self.problems[due.cohort]
        monday = monday_in(week)
        every = problem.template.rules.start_every
        certain = certain_minutes(problem.zone, monday)
        yield Rule.START_GRID, "", grid_minutes(every)
        yield Rule.WALL_TIME, "", starts_within(certain, due.appointment.minutes)
        yield Rule.PAST, "", self._to_come(problem, week)
        name = ("closed", due.cohort, str(week))
        is_open = self._days(
            name,
            monday,
            lambda day: day not in problem.closed,
        )
        yield Rule.CLOSED, "", is_open
        yield from self._of_clinician(due, week)

    def _of_clinician(self, due: DueAppointment, week: WeekNumber) -> Iterator[Condition]:
        problem = self.problems[due.cohort]
        clinician = problem.clinician_by_key[due.clinician]
        key = clinician.key
        monday = monday_in(week)
        name = (key, str(week))
        here = self._days(
            name,
            monday,
            lambda day: not clinician.is_away(day),
        )
        yield Rule.CLINICIAN_AWAY, key, here
        state = due.patient.state
        licensed = self._days(
            (*name, state),
            monday,
            lambda day: clinician.is_licensed(state, day),
        )
        yield Rule.LICENCE, key, licensed
        at_work = _fits(
            clinician.hours,
            clinician.zone,
            problem.zone,
            monday,
            due.appointment.minutes,
        )
        yield Rule.CLINICIAN_HOURS, key, at_work

    def _of_patient(self, due: DueAppointment, week: int) -> Iterator[Condition]:
        """The conditions that the patient's life and family set."""
        problem = self.problems[due.cohort]
        length = due.appointment.minutes
        monday = monday_in(week)
        patient = due.patient
        yield Rule.STAY, patient.key, self._stay(problem, patient, week)
        yield (
            Rule.PATIENT_FREE,
            patient.key,
            _fits(
                patient.free,
                patient.zone,
                problem.zone,
                monday,
                length,
            ),
        )
        school = problem.template.rules.school
        if school and patient.born:
            taught = school_minutes(
                school,
                patient,
                problem.zone,
                monday,
            )
            yield Rule.SCHOOL_HOURS, patient.key, starts_within(ALL & ~taught, length)
        if due.appointment.for_family:
            yield Rule.RELATIVE_FREE, "", self.family(due, week)

    def family(self, due: DueAppointment, week: int) -> int:
        """Return the starts at which at least one relative is consenting, ready, free and nowhere
        else.
        """
        found = 0
        for relative in due.patient.relatives:
            found |= self.relative(due, relative, week)
        return found

    def relative(self, due: DueAppointment, relative: Relative, week: int) -> int:
        """Return the starts at which this relative can be there under a consent that holds at the
        end.
        """
        if not relative.ready:
            return 0
        return self.consented(due, relative, week) & self.at_leisure(due, relative, week)

    def at_leisure(self, due: DueAppointment, relative: Relative, week: int) -> int:
        """Return the starts at which this relative is free and nowhere else, consent or not."""
        monday = monday_in(week)
        zone = self.problems[due.cohort].zone
        taken = self.taken(relative.key, week)
        if not taken:
            return _fits(
                relative.free,
                relative.zone,
                zone,
                monday,
                due.appointment.minutes,
            )
        free = (
            window_minutes(
                relative.free,
                relative.zone,
                zone,
                monday,
            )
            & ~taken
        )
        return starts_within(free, due.appointment.minutes)

    def consented(self, due: DueAppointment, relative: Relative, week: int) -> int:
        """Return the starts whose end falls within a consent for this kind."""
        monday = monday_in(week)
        length = due.appointment.minutes
        zone = self.problems[due.cohort].zone
        ends = 0
        for consent in relative.consents:
            if consent.kind is due.kind and relative.suits(consent):
                ends |= stretch_minutes(
                    consent.valid_from,
                    consent.valid_until,
                    zone,
                    monday,
                )
        return ends >> length

    def _stay(self, problem: Problem, patient: Patient, week: int) -> int:
        """The minutes of the days of the stay; all, in a week that lies within it."""
        monday = monday_in(week)
        sunday = monday + timedelta(days=6)
        found = 0
        for begin, last in patient.stretches():
            first = max(begin, problem.starts)
            if first <= monday and last >= sunday:
                return ALL
            if first <= sunday and last >= monday:
                found |= span((first - monday).days * DAY, ((last - monday).days + 1) * DAY)
        return found

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
        return _fits(
            windows,
            zone,
            zone,
            ANY_MONDAY,
            length,
        )
    return starts_within(
        window_minutes(
            windows,
            windows_zone,
            zone,
            monday,
        ),
        length,
    )
