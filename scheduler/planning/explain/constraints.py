"""All that keeps one appointment from a time, week by week: its people, its rules, the sessions
around it. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from scheduler.planning.problem.hour_counting import Points, day_points, points_of_hour
from scheduler.planning.problem.minute_sets import (
    ALL,
    DAY,
    MinuteOfWeek,
    MinuteSet,
    WeekNumber,
    day_of,
    each,
    week_number,
)
from scheduler.planning.problem.plan import Rule
from scheduler.planning.problem.problem import Problem, Relative
from scheduler.planning.search.construct import usual_of
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Timetable
from scheduler.programs import monday_of

Name = tuple[Rule, str]
"""A condition's rule and whom it is about."""
Weeks = Mapping[WeekNumber, Mapping[Name, MinuteSet]]
"""By week, the starts that each condition allows."""
Left = Mapping[WeekNumber, MinuteSet]
"""By week, the starts that are left."""

ALWAYS = (Rule.START_GRID, Rule.WALL_TIME)
"""What holds for everybody and explains nothing."""
ANY_RELATIVE = (Rule.RELATIVE_FREE, "")
"""Several relatives could come: at least one of them has to have time under a consent."""


@dataclass(frozen=True)
class Case:
    """One demand without a place on a board, and the conditions on it."""

    board: Timetable
    demand: Domain
    weeks: Weeks

    @property
    def problem(self) -> Problem:
        """The cohort it belongs to."""
        return self.board.problems[self.demand.obligation.cohort]

    @cached_property
    def family(self) -> tuple[Relative, ...]:
        """The relatives whom readiness and consent let come at some time of the weeks."""
        due = self.demand.obligation
        if not due.appointment.for_family:
            return ()
        ready = []
        within = []
        for relative in due.patient.relatives:
            if not relative.ready or not relative.consents_to(due.kind):
                continue
            ready.append(relative)
            if self._is_consented(relative):
                within.append(relative)
        # A consent may begin at the very end of the weeks: it makes the session due, and leaves it
        # no time.
        return tuple(within or ready)

    def _is_consented(self, relative: Relative) -> bool:
        conditions = self.board.conditions_of_standing
        due = self.demand.obligation
        return any(conditions.consented(due, relative, week) for week in self.weeks)

    @cached_property
    def usual(self) -> MinuteOfWeek | None:
        """The minute of the week at which the rest of the series lies; None when nothing of it has
        a place.
        """
        first = week_number(monday_of(self.problem.starts, 1))
        beyond = first + self.problem.template.weeks
        patient = self.demand.patient
        series: list[Domain] = []
        for week in range(first, beyond):
            placed = self.board.placed.get((patient, week), {})
            for demand in placed.values():
                if demand.series == self.demand.series:
                    series.append(demand)
        return usual_of(self.board, series)

    def left(self, names: Iterable[Name]) -> dict[WeekNumber, MinuteSet]:
        """Return, by week, the starts that these conditions and what always holds leave."""
        chosen = set(names)
        left = {}
        for week, conditions in self.weeks.items():
            starts = ALL
            for name, allowed in conditions.items():
                rule, _ = name
                if name in chosen or rule in ALWAYS:
                    starts &= allowed
            left[week] = starts
        return left

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The conditions that forbid any start that is possible at all."""
        known: dict[Name, None] = {}
        for conditions in self.weeks.values():
            known |= dict.fromkeys(conditions)
        possible = self.left(())
        found = []
        for name in known:
            if self._forbids(name, possible):
                found.append(name)
        return tuple(found)

    def _forbids(self, name: Name, possible: Left) -> bool:
        """True if a condition forbids any of the `possible` starts."""
        rule, _ = name
        if rule in ALWAYS:
            return False
        return any(starts & ~self.weeks[week][name] for week, starts in possible.items())

    def by_relative(self) -> tuple["Case", ...]:
        """Return the case once for each relative who could come, with that one's time and consent
        as conditions.
        """
        if ANY_RELATIVE not in next(iter(self.weeks.values())):
            return (self,)
        return tuple(self._for(relative) for relative in self.family)

    def _for(self, relative: Relative) -> "Case":
        weeks = {}
        for week, conditions in self.weeks.items():
            own = dict(conditions)
            own.pop(ANY_RELATIVE, None)
            own |= _of_relative(
                self.board,
                self.demand,
                relative,
                week,
            )
            weeks[week] = own
        return replace(self, weeks=weeks)


def constraints_of(board: Timetable, demand: Domain) -> Case:
    """Gather every condition on one demand."""
    conditions = board.conditions_of_standing
    weeks = {}
    for week in conditions.weeks(demand.obligation):
        weeks[week] = dict(_conditions(board, demand, week))
    case = Case(board, demand, weeks)
    if len(case.family) == 1:
        (case,) = case.by_relative()
    return case


def _of_relative(
    board: Timetable, demand: Domain, relative: Relative, week: WeekNumber
) -> dict[Name, MinuteSet]:
    conditions = board.conditions_of_standing
    due = demand.obligation
    free = conditions.at_leisure(due, relative, week)
    consented = conditions.consented(due, relative, week)
    return {
        (Rule.RELATIVE_FREE, relative.key): free,
        (Rule.CONSENT, relative.key): consented,
    }


def _conditions(
    board: Timetable, demand: Domain, week: WeekNumber
) -> Iterator[tuple[Name, MinuteSet]]:
    """Return the conditions of a week: its own, and what the sessions around it leave."""
    possible = ALL
    for rule, who, starts in board.conditions_of_standing.of_week(demand.obligation, week):
        if rule in ALWAYS:
            possible &= starts
        yield (rule, who), starts
    yield (Rule.PERSON_TWICE, demand.clinician), board.beside_clinicians_other(demand, week)
    apart = board.beside_patients_other(demand, week)
    yield (Rule.PERSON_TWICE, demand.patient), apart
    for guest in demand.guests:
        yield (Rule.PERSON_TWICE, guest.key), board.beside_guests_other(demand, guest, week)
    yield from _of_order_and_rooms(board, demand, week)
    by_day, by_week = _hours(
        board,
        demand,
        week,
        possible & apart,
    )
    yield (Rule.DAY_HOURS_MAX, demand.patient), by_day
    yield (Rule.WEEK_HOURS_MAX, demand.patient), by_week


def _of_order_and_rooms(
    board: Timetable, demand: Domain, week: WeekNumber
) -> Iterator[tuple[Name, MinuteSet]]:
    patient = demand.patient
    if board.problem.rooms:
        yield (Rule.ROOM_OWN, ""), board.with_room(demand, week)
    if patient in board.gate and not demand.is_assessment:
        yield (Rule.ASSESSMENT_FIRST, patient), board.after_gate(patient, week)
    if demand.kind in board.rules.of(patient, week).once_a_day:
        yield (Rule.ONCE_A_DAY, patient), board.once_a_day(demand, week)


def _hours(
    board: Timetable, demand: Domain, week: WeekNumber, possible: MinuteSet
) -> tuple[MinuteSet, MinuteSet]:
    """Return the starts that the most hours of a day, and those that the most of a week, do not
    forbid.

    `possible` are starts beside the patient's other sessions; any other start counts as if it were
    apart from them.
    """
    limits = _Limits(board, demand, week)
    by_day = 0
    for weekday, had in enumerate(limits.points):
        if had + limits.least <= limits.day_most:
            by_day |= day_of(weekday)
    by_week = ALL if limits.least <= limits.week_left else 0
    open_by_both = possible & by_day & by_week
    allowed = board.hours.within(demand, week, possible)
    for start in each(open_by_both & ~allowed):
        added = limits.added(start)
        had = limits.points[start // DAY]
        if had + added > limits.day_most:
            by_day &= ~(1 << start)
        if added > limits.week_left:
            by_week &= ~(1 << start)
    return by_day, by_week


class _Limits:
    """What a patient's week holds, in points, and what one more session would add."""

    def __init__(self, board: Timetable, demand: Domain, week: WeekNumber) -> None:
        rules = board.rules.of(demand.patient, week)
        self.counts = rules.hour_counts
        self.minutes = demand.minutes
        self.days = board.days[demand.patient, week]
        self.points = board.hours.points(demand.patient, week)
        scale = points_of_hour(self.counts)
        self.day_most = rules.day_hours_max * scale
        self.week_left = rules.week_hours_max * scale - sum(self.points)
        alone = [(0, demand.minutes)]
        self.least = day_points(alone, self.counts)

    def added(self, start: MinuteOfWeek) -> Points:
        """Count what a session at `start` adds to its day, breaks it closes counted."""
        weekday, minute = divmod(start, DAY)
        new = (minute, minute + self.minutes)
        after = day_points([*self.days[weekday], new], self.counts)
        return after - self.points[weekday]
