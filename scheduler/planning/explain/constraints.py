"""All that keeps one appointment from a time, week by week: its people, its rules, the sessions
around it. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from scheduler.planning.problem.hour_counting import day_points, points_of_hour
from scheduler.planning.problem.minute_sets import (
    ALL,
    DAY,
    day_of,
    each,
    starts_within,
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
Weeks = Mapping[int, Mapping[Name, int]]
"""By week, the starts that each condition allows."""

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
        conditions, one = self.board.conditions_of_standing, self.demand.obligation
        if not one.appointment.for_family:
            return ()
        ready = tuple(
            each for each in one.patient.relatives if each.ready and each.consents_to(one.kind)
        )
        within = tuple(
            each
            for each in ready
            if any(conditions.consented(one, each, week) for week in self.weeks)
        )
        # A consent may begin at the very end of the weeks: it makes the session due, and leaves it
        # no time.
        return within or ready

    @cached_property
    def usual(self) -> int | None:
        """The minute of the week at which the rest of the series lies; None when nothing of it has
        a place.
        """
        first = week_number(monday_of(self.problem.starts, 1))
        series: list[Domain] = []
        for week in range(first, first + self.problem.template.weeks):
            placed = self.board.placed.get((self.demand.patient, week), {}).values()
            series += [one for one in placed if one.series == self.demand.series]
        return usual_of(self.board, series)

    def left(self, names: Iterable[Name]) -> dict[int, int]:
        """Give, by week, the starts that these conditions and what always holds leave."""
        chosen = set(names)
        left = {}
        for week, conditions in self.weeks.items():
            starts = ALL
            for name, allowed in conditions.items():
                if name in chosen or name[0] in ALWAYS:
                    starts &= allowed
            left[week] = starts
        return left

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The conditions that forbid any start that is possible at all."""
        possible = self.left(())
        known = dict.fromkeys(name for conditions in self.weeks.values() for name in conditions)
        return tuple(
            name
            for name in known
            if name[0] not in ALWAYS
            and any(starts & ~self.weeks[week][name] for week, starts in possible.items())
        )

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
            others = {name: starts for name, starts in conditions.items() if name != ANY_RELATIVE}
            weeks[week] = others | _of_relative(self.board, self.demand, relative, week)
        return replace(self, weeks=weeks)


def constraints_of(board: Timetable, demand: Domain) -> Case:
    """Gather every condition on one demand."""
    weeks = {
        week: dict(_conditions(board, demand, week))
        for week in board.conditions_of_standing.weeks(demand.obligation)
    }
    found = Case(board, demand, weeks)
    if len(found.family) == 1:
        (found,) = found.by_relative()
    return found


def _of_relative(
    board: Timetable, demand: Domain, relative: Relative, week: int
) -> dict[Name, int]:
    conditions, one = board.conditions_of_standing, demand.obligation
    return {
        (Rule.RELATIVE_FREE, relative.key): conditions.at_leisure(one, relative, week),
        (Rule.CONSENT, relative.key): conditions.consented(one, relative, week),
    }


def _conditions(board: Timetable, demand: Domain, week: int) -> Iterator[tuple[Name, int]]:
    """The conditions of a week: its own, and what the sessions around it leave."""
    possible = ALL
    for rule, who, starts in board.conditions_of_standing.of_week(demand.obligation, week):
        possible &= starts if rule in ALWAYS else ALL
        yield (rule, who), starts
    beyond = (ALL << demand.buffer) | ALL
    kept = board.kept[demand.clinician, week]
    yield (
        (Rule.PERSON_TWICE, demand.clinician),
        starts_within(~kept & beyond, demand.minutes + demand.buffer),
    )
    apart = starts_within(~board.taken[demand.patient, week] & ALL, demand.minutes)
    yield (Rule.PERSON_TWICE, demand.patient), apart
    if board.problem.rooms:
        yield (Rule.ROOM_OWN, ""), board.with_room(demand, week)
    if demand.patient in board.gate and not demand.is_assessment:
        yield (Rule.ASSESSMENT_FIRST, demand.patient), board.after_gate(demand.patient, week)
    if demand.obligation.kind in board.rules[demand.patient].once_a_day:
        yield (Rule.ONCE_A_DAY, demand.patient), board.once_a_day(demand, week)
    by_day, by_week = _hours(board, demand, week, possible & apart)
    yield (Rule.DAY_HOURS_MAX, demand.patient), by_day
    yield (Rule.WEEK_HOURS_MAX, demand.patient), by_week


def _hours(board: Timetable, demand: Domain, week: int, possible: int) -> tuple[int, int]:
    """Return the starts that the most hours of a day, and those that the most of a week, do not
    forbid.

    `possible` are starts beside the patient's other sessions; any other start counts as if it were
    apart from them.
    """
    rules, days = board.rules[demand.patient], board.days[demand.patient, week]
    counts = rules.hour_counts
    scale, points = points_of_hour(counts), [day_points(spans, counts) for spans in days]
    least = day_points([(0, demand.minutes)], counts)
    day_most, week_left = rules.day_hours_max * scale, rules.week_hours_max * scale - sum(points)
    by_day = sum(day_of(number) for number, had in enumerate(points) if had + least <= day_most)
    by_week = ALL if least <= week_left else 0
    for start in each(possible & by_day & by_week & ~board.within_hours(demand, week, possible)):
        weekday, minute = divmod(start, DAY)
        after = day_points([*days[weekday], (minute, minute + demand.minutes)], counts)
        by_day &= ~((after > day_most) << start)
        by_week &= ~((after - points[weekday] > week_left) << start)
    return by_day, by_week
