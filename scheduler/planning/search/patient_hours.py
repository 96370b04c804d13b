"""How full each patient's days and weeks are, and which starts their limits still allow."""

from collections import defaultdict

from scheduler.planning.problem.hour_counting import (
    BREAK_COUNTED,
    Points,
    Span,
    day_points,
    points_of_hour,
)
from scheduler.planning.problem.minute_sets import (
    DAY,
    MinuteOfWeek,
    MinuteSet,
    WeekNumber,
    day_of,
    each,
)
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.rules_by_week import RulesByWeek
from scheduler.programs import HourCounts


def _empty_week() -> list[list[Span]]:
    return [[] for _ in range(7)]


Days = dict[tuple[str, WeekNumber], list[list[Span]]]
DayPoints = dict[tuple[str, WeekNumber], list[Points]]


class PatientHours:
    """The sessions each patient sits in, day by day, against the rules of their program."""

    def __init__(self, rules: RulesByWeek) -> None:
        self.rules = rules
        self.days: Days = defaultdict(_empty_week)
        self._points: DayPoints = {}
        """What each day of a patient's week counts, as long as it is known."""

    def add(self, demand: Domain, week: WeekNumber, start: MinuteOfWeek) -> None:
        """Count a session that was placed."""
        name = (demand.patient, week)
        weekday, minute = divmod(start, DAY)
        span = (minute, minute + demand.minutes)
        self.days[name][weekday].append(span)
        self._points.pop(name, None)

    def remove(self, demand: Domain, week: WeekNumber, start: MinuteOfWeek) -> None:
        """Count a placed session no longer."""
        name = (demand.patient, week)
        weekday, minute = divmod(start, DAY)
        span = (minute, minute + demand.minutes)
        self.days[name][weekday].remove(span)
        self._points.pop(name, None)

    def points(self, patient: str, week: WeekNumber) -> list[Points]:
        """Return what each day of a patient's week counts."""
        name = (patient, week)
        found = self._points.get(name)
        if found is None:
            counts = self.rules.of(patient, week).hour_counts
            found = [day_points(spans, counts) if spans else 0 for spans in self.days[name]]
            self._points[name] = found
        return found

    def allow(self, demand: Domain, week: WeekNumber, start: MinuteOfWeek) -> bool:
        """True if the patient's day and week still hold the session."""
        rules = self.rules.of(demand.patient, week)
        counts = rules.hour_counts
        scale = points_of_hour(counts)
        weekday, minute = divmod(start, DAY)
        added = (minute, minute + demand.minutes)
        had = self.days[demand.patient, week][weekday]
        day = day_points([*had, added], counts)
        day_most = rules.day_hours_max * scale
        if day > day_most:
            return False
        points = self.points(demand.patient, week)
        other_days = sum(points) - points[weekday]
        week_most = rules.week_hours_max * scale
        return day + other_days <= week_most

    def within(self, demand: Domain, week: WeekNumber, found: MinuteSet) -> MinuteSet:
        """Return those of the starts `found` at which the patient's day and week still hold the
        session.
        """
        rules = self.rules.of(demand.patient, week)
        counts = rules.hour_counts
        scale = points_of_hour(counts)
        alone = [(0, demand.minutes)]
        least = day_points(alone, counts)
        # By the clock a session also counts the breaks it closes: at most one of half an hour on
        # each side.
        most = least
        if counts is HourCounts.CLOCK:
            most += 2 * BREAK_COUNTED
        points = self.points(demand.patient, week)
        day_most = rules.day_hours_max * scale
        week_left = rules.week_hours_max * scale - sum(points)
        for weekday, had in enumerate(points):
            left = min(day_most - had, week_left)
            day = day_of(weekday)
            if left < least:
                found &= ~day
            elif left < most:
                found &= ~self._too_full(demand, week, found & day)
        return found

    def _too_full(self, demand: Domain, week: WeekNumber, starts: MinuteSet) -> MinuteSet:
        found = 0
        for start in each(starts):
            if not self.allow(demand, week, start):
                found |= 1 << start
        return found
