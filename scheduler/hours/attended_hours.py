"""Hours that were really held: each program week of one patient, scheduled and attended, counted as
the program counts, with its service days and the days a payer agreed to. Pure.

Attended is what staff said: who came late was there for the last minutes, who left early for the
first ones. A session of which nobody said anything yet is scheduled and not attended.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.attendance.models import AttendanceState
from scheduler.planning import Points, Span, day_points, hours_of, minutes_of
from scheduler.programs import Authorisation, Days, HourCounts, Template, week_of, weekdays_here


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session that seats the patient: its day, when it begins in minutes of one scale for all,
    and what was said; `state` None: nothing yet.
    """

    day: date
    begins: int
    minutes: int
    state: AttendanceState | None
    there: int = 0
    """Minutes they were there."""

    @property
    def span(self) -> Span:
        """Return when it is held."""
        return self.begins, self.begins + self.minutes

    @property
    def attended(self) -> Span | None:
        """Return when the patient was there; None: not at all, or nobody said so."""
        if self.state is None or self.there <= 0:
            return None
        if self.state is AttendanceState.LATE:
            ends = self.begins + self.minutes
            return ends - self.there, ends
        return self.begins, self.begins + self.there


@dataclass(frozen=True, slots=True)
class WeekRecord:
    """One week of a patient against the program's rule for it."""

    week: int
    phase: str
    counts: HourCounts
    least: float
    most: float
    days_least: int | None
    scheduled: Points
    attended: Points
    possible: Points
    """What was attended, and all of which nothing was said yet."""
    days_scheduled: int
    days_attended: int
    """Service days: those that reach the program's minutes a day."""
    unsaid: int
    """Sessions of which nobody said anything yet."""
    weekdays: int
    """Days Monday to Friday that the stay covers."""

    @property
    def scheduled_hours(self) -> float:
        """Return the hours that stand in the plan."""
        return hours_of(self.scheduled, self.counts)

    @property
    def attended_hours(self) -> float:
        """Return the hours that were attended."""
        return hours_of(self.attended, self.counts)

    @property
    def reachable(self) -> float:
        """Return the hours there are in the end if all that is still open is attended."""
        return hours_of(self.possible, self.counts)

    @property
    def at_risk(self) -> float:
        """Return the hours that will lack even so; 0 when there are enough."""
        return max(self.least - self.reachable, 0)


def week_records(
    template: Template, starts: date, stays: Iterable[Days], sittings: Iterable[Sitting]
) -> tuple[WeekRecord, ...]:
    """Return the weeks of a cohort that stays of one patient cover at least in part, in order.

    `starts` is the cohort's first day; sessions outside the stays count for nothing.
    """
    known = tuple(stays)
    by_week: dict[int, list[Sitting]] = {}
    for sitting in sittings:
        if is_here(sitting.day, known):
            by_week.setdefault(week_of(starts, sitting.day), []).append(sitting)
    records = []
    for week in range(1, template.weeks + 1):
        weekdays = weekdays_here(starts, week, known)
        if weekdays or week in by_week:
            records.append(_record(template, week, by_week.get(week, []), weekdays))
    return tuple(records)


def is_here(day: date, stays: Iterable[Days]) -> bool:
    """True if a day lies in one of the stays."""
    return any(first <= day <= last for first, last in stays)


def _record(
    template: Template, week: int, sittings: Collection[Sitting], weekdays: int
) -> WeekRecord:
    rules = template.rules_in(week)
    phase = template.phase_in(week)
    counts = rules.hour_counts
    least_minutes = rules.day_minutes_min
    scheduled = points_of_days(_spans(sittings), counts)
    attended = points_of_days(_attended(sittings), counts)
    possible = points_of_days(_possible(sittings), counts)
    return WeekRecord(
        week=week,
        phase=phase.name if phase else "",
        counts=counts,
        least=rules.week_hours_min,
        most=rules.week_hours_max,
        days_least=rules.week_days_min,
        scheduled=sum(scheduled.values()),
        attended=sum(attended.values()),
        possible=sum(possible.values()),
        days_scheduled=len(served_days(scheduled, counts, least_minutes)),
        days_attended=len(served_days(attended, counts, least_minutes)),
        unsaid=sum(sitting.state is None for sitting in sittings),
        weekdays=weekdays,
    )


SpansByDay = Mapping[date, list[Span]]


def _spans(sittings: Iterable[Sitting]) -> SpansByDay:
    found: dict[date, list[Span]] = {}
    for sitting in sittings:
        found.setdefault(sitting.day, []).append(sitting.span)
    return found


def _attended(sittings: Iterable[Sitting]) -> SpansByDay:
    found: dict[date, list[Span]] = {}
    for sitting in sittings:
        if sitting.attended is not None:
            found.setdefault(sitting.day, []).append(sitting.attended)
    return found


def _possible(sittings: Iterable[Sitting]) -> SpansByDay:
    """Return what was attended, and all of what nobody said anything about."""
    found: dict[date, list[Span]] = {}
    for sitting in sittings:
        span = sitting.span if sitting.state is None else sitting.attended
        if span is not None:
            found.setdefault(sitting.day, []).append(span)
    return found


def points_of_days(spans: SpansByDay, counts: HourCounts) -> dict[date, Points]:
    """Count each day."""
    return {day: day_points(those, counts) for day, those in spans.items()}


def served_days(
    points: Mapping[date, Points], counts: HourCounts, least_minutes: int | None
) -> set[date]:
    """Return the days that reach the minutes a program asks of a day."""
    least = max(least_minutes or 0, 1)
    found = set()
    for day, counted in points.items():
        if minutes_of(counted, counts) >= least:
            found.add(day)
    return found


@dataclass(frozen=True, slots=True)
class UnitsUsed:
    """Days that a payer agreed to beside the service days attended, and those still scheduled."""

    authorisation: Authorisation
    used: int
    ahead: int

    @property
    def left(self) -> int:
        """Return how many days remain; below 0 when more were used than agreed to."""
        return self.authorisation.units - self.used


def units_used(
    template: Template,
    stays: Iterable[Days],
    authorisations: Iterable[Authorisation],
    sittings: Iterable[Sitting],
) -> tuple[UnitsUsed, ...]:
    """Return how much of each authorisation was used; a day counts for the first that covers it."""
    rules = template.rules
    known = tuple(stays)
    here = []
    for sitting in sittings:
        if is_here(sitting.day, known):
            here.append(sitting)
    attended = points_of_days(_attended(here), rules.hour_counts)
    possible = points_of_days(_possible(here), rules.hour_counts)
    used = served_days(attended, rules.hour_counts, rules.day_minutes_min)
    ahead = served_days(possible, rules.hour_counts, rules.day_minutes_min) - used
    found = []
    for authorisation in authorisations:
        of_these = {day for day in used if authorisation.covers(day)}
        still = {day for day in ahead if authorisation.covers(day)}
        used -= of_these
        ahead -= still
        found.append(UnitsUsed(authorisation, len(of_these), len(still)))
    return tuple(found)
