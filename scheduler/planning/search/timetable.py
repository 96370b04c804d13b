"""The board a plan is laid on: who and which rooms are taken when, and how full each patient's days
are.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from scheduler.planning.problem.due_appointments import DueAppointment
from scheduler.planning.problem.hour_counting import BREAK_COUNTED, Span, day_points, points_of_hour
from scheduler.planning.problem.minute_sets import (
    ALL,
    DAY,
    WEEK,
    day_of,
    each,
    span,
    starts_within,
    week_number,
)
from scheduler.planning.problem.occupancy import Occupancy
from scheduler.planning.problem.once_a_day import days_left
from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.wall_time import local
from scheduler.planning.search.domains import Conditions, Domain
from scheduler.programs import HourCounts, Kind

Place = tuple[int, int]
"""A week and a minute of it."""


class Timetable:
    """What stands (fixed slots and others' commitments) and what has been placed so far; placing
    can be undone.
    """

    def __init__(self, problem: Problem, standing: Iterable[PlannedSession]) -> None:
        self.problem = problem
        self.problems = {one.cohort: one for one in problem.all}
        self.rules = {
            patient.key: one.template.rules for one in problem.all for patient in one.patients
        }
        self.at: dict[str, Place] = {}
        self.placed: dict[tuple[str, int], dict[str, Domain]] = defaultdict(dict)
        """What was placed, by patient or clinician and week."""
        self.taken: dict[tuple[str, int], int] = defaultdict(int)
        self.kept: dict[tuple[str, int], int] = defaultdict(int)
        """Clinicians' sessions with the buffer after each."""
        self.in_progress: dict[int, Occupancy] = defaultdict(Occupancy)
        """By week: how many sessions need a room at each minute."""
        self.days: dict[tuple[str, int], list[list[Span]]] = defaultdict(
            lambda: [[] for _ in range(7)]
        )
        self._points: dict[tuple[str, int], list[int]] = {}
        """What each day of a patient's week counts, as long as it is known."""
        self.fixed_kinds: dict[tuple[str, int], list[tuple[Kind, int]]] = defaultdict(list)
        """The kinds of what stands, each with its weekday, by patient and week."""
        self.gate: dict[str, Place] = {}
        """Where a patient's assessment ends."""
        self._known = {one.key for one in problem.clinicians}
        for one in problem.all:
            self._known |= one.patient_by_key.keys() | one.relative_by_key.keys()
        self._stand(standing)
        before = dict(self.taken)
        self.roomless: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        """By session and week the starts at which no one room was free throughout, however many
        were at each minute.
        """
        self.conditions_of_standing = Conditions(
            self.problems, lambda person, week: before.get((person, week), 0)
        )
        """The conditions of demands when only what stands counts as taken."""

    def _stand(self, standing: Iterable[PlannedSession]) -> None:
        """Put what does not move on the board."""
        for session in standing:
            begin, week = session.day.weekday() * DAY + session.at, week_number(session.day)
            for person in session.people:
                self._take(person, week, begin, session.minutes)
            for patient in session.seated:
                day = self.days[patient, week][session.day.weekday()]
                day.append((session.at, session.at + session.minutes))
                self.fixed_kinds[patient, week].append((session.kind, session.day.weekday()))
            self.in_progress[week].add(span(begin, begin + session.minutes))
        for busy in self.problem.busy:
            self._stand_outside(busy.start, busy.end, busy.people, busy.takes_room)

    def _stand_outside(
        self, start: datetime, end: datetime, people: tuple[str, ...], takes_room: bool
    ) -> None:
        day, minute = local(start, self.problem.zone)
        week, begin = week_number(day), day.weekday() * DAY + minute
        length = (end - start) // timedelta(minutes=1)
        for person in self._known.intersection(people):
            self._take(person, week, begin, length)
        if takes_room:
            self.in_progress[week].add(span(begin, begin + length))

    def _take(self, person: str, week: int, begin: int, length: int) -> None:
        self.taken[person, week] |= span(begin, begin + length)
        clinician = self.problem.clinician_by_key.get(person)
        if clinician is not None:
            self.kept[person, week] |= span(begin, begin + length + clinician.buffer)

    def full(self, week: int) -> int:
        """Return the minutes of a week at which no room is left; none, when rooms are not
        limited.
        """
        return self.in_progress[week].at_least(len(self.problem.rooms)) if self.problem.rooms else 0

    def with_room(self, demand: Domain, week: int) -> int:
        """Return the starts of a week at which a room is left for `demand`."""
        full = self.full(week)
        found = starts_within(~full & ALL, demand.minutes) if full else ALL
        return found & ~self.roomless[demand.key][week] if demand.key in self.roomless else found

    def live(self, demand: Domain, week: int) -> int:
        """Return the starts of `demand` in `week` at which its people and a room are there, hours
        not yet counted.
        """
        found = demand.starts.get(week, 0)
        if not found:
            return 0
        found &= starts_within(~self.taken[demand.patient, week] & ALL, demand.minutes)
        beyond = (ALL << demand.buffer) | ALL
        found &= starts_within(
            ~self.kept[demand.clinician, week] & beyond, demand.minutes + demand.buffer
        )
        if self.problem.rooms:
            found &= self.with_room(demand, week)
        if demand.patient in self.gate and not demand.is_assessment:
            found &= self.after_gate(demand.patient, week)
        return found & self.once_a_day(demand, week)

    def once_a_day(self, demand: Domain, week: int) -> int:
        """Return the minutes of the days that hold no other session of the kinds that come once a
        day.
        """
        rules, kind = self.rules[demand.patient], demand.obligation.kind
        if kind not in rules.once_a_day:
            return ALL
        placed = self.placed[demand.patient, week].values()
        others = [
            (one.obligation.kind, self.at[one.key][1] // DAY)
            for one in placed
            if one.key != demand.key
        ]
        return days_left(rules, kind, [*self.fixed_kinds[demand.patient, week], *others])

    def after_gate(self, patient: str, week: int) -> int:
        """Return the starts of a week that lie after the patient's assessment."""
        gate_week, minute = self.gate[patient]
        if week != gate_week:
            return ALL if week > gate_week else 0
        return span(minute, WEEK)

    def is_within_hours(self, demand: Domain, week: int, start: int) -> bool:
        """Say whether the patient's day and week still hold the session."""
        rules = self.rules[demand.patient]
        counts = rules.hour_counts
        weekday, minute = divmod(start, DAY)
        spans, scale = self.days[demand.patient, week][weekday], points_of_hour(counts)
        day = day_points([*spans, (minute, minute + demand.minutes)], counts)
        if day > rules.day_hours_max * scale:
            return False
        points = self.points(demand.patient, week)
        return day + sum(points) - points[weekday] <= rules.week_hours_max * scale

    def points(self, patient: str, week: int) -> list[int]:
        """Return what each day of a patient's week counts, in points."""
        found = self._points.get((patient, week))
        if found is None:
            counts = self.rules[patient].hour_counts
            found = [
                day_points(spans, counts) if spans else 0 for spans in self.days[patient, week]
            ]
            self._points[patient, week] = found
        return found

    def open_starts(self, demand: Domain, week: int) -> int:
        """Return the starts at which `demand` can be placed now, hours of the day and week
        counted.
        """
        found = self.live(demand, week)
        return self.within_hours(demand, week, found) if found else 0

    def within_hours(self, demand: Domain, week: int, found: int) -> int:
        """Return those of the starts `found` at which the patient's day and week still hold the
        session.
        """
        rules = self.rules[demand.patient]
        counts = rules.hour_counts
        scale, least = points_of_hour(counts), day_points([(0, demand.minutes)], counts)
        # By the clock a session also counts the breaks it closes: at most one of half an hour on
        # each side.
        most = least + (2 * BREAK_COUNTED if counts is HourCounts.CLOCK else 0)
        points = self.points(demand.patient, week)
        week_left = rules.week_hours_max * scale - sum(points)
        for weekday in range(7):
            left = min(rules.day_hours_max * scale - points[weekday], week_left)
            if left >= most:
                continue
            day = day_of(weekday)
            for start in each(found & day) if left >= least else ():
                if not self.is_within_hours(demand, week, start):
                    found &= ~(1 << start)
            if left < least:
                found &= ~day
        return found

    def can(self, demand: Domain, place: Place) -> bool:
        """Say whether `demand` can be placed there now."""
        week, start = place
        return bool(self.live(demand, week) >> start & 1) and self.is_within_hours(
            demand, week, start
        )

    def put(self, demand: Domain, place: Place) -> None:
        """Place a session; the caller knows that it can be."""
        week, start = place
        end = start + demand.minutes
        self.at[demand.key] = place
        for person in (demand.patient, demand.clinician):
            self.placed[person, week][demand.key] = demand
        self.taken[demand.patient, week] |= span(start, end)
        self.kept[demand.clinician, week] |= span(start, end + demand.buffer)
        weekday, minute = divmod(start, DAY)
        self.days[demand.patient, week][weekday].append((minute, minute + demand.minutes))
        self._points.pop((demand.patient, week), None)
        self.in_progress[week].add(span(start, end))

    def remove(self, demand: Domain) -> Place:
        """Take a placed session off the board and say where it was."""
        week, start = self.at.pop(demand.key)
        for person in (demand.patient, demand.clinician):
            del self.placed[person, week][demand.key]
        end = start + demand.minutes
        self.taken[demand.patient, week] &= ~span(start, end)
        self.kept[demand.clinician, week] &= ~span(start, end + demand.buffer)
        weekday, minute = divmod(start, DAY)
        self.days[demand.patient, week][weekday].remove((minute, minute + demand.minutes))
        self._points.pop((demand.patient, week), None)
        self.in_progress[week].remove(span(start, end))
        return week, start

    def close_roomless(self, demand: Domain) -> None:
        """Take a placed session that was given no room off the board and never put it there
        again.
        """
        week, start = self.remove(demand)
        self.roomless[demand.key][week] |= 1 << start

    def close_before(self, demand: Domain) -> None:
        """Let nothing of the patient begin before this placed assessment ends."""
        week, start = self.at[demand.key]
        self.gate[demand.patient] = (week, start + demand.minutes)


def demands_of(board: Timetable, due: Iterable[DueAppointment]) -> list[Domain]:
    """Return the demands of what is due, on a board that holds only what stands."""
    conditions = board.conditions_of_standing
    return [conditions.demand(one) for one in due]
