"""The board a plan is laid on: who and which rooms are taken when, and how full each patient's days
are.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from scheduler.planning.problem.due_appointments import DueAppointment
from scheduler.planning.problem.minute_sets import (
    ALL,
    DAY,
    WEEK,
    MinuteOfWeek,
    MinuteSet,
    WeekNumber,
    span,
    starts_within,
    week_number,
)
from scheduler.planning.problem.occupancy import Occupancy
from scheduler.planning.problem.once_a_day import days_left
from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import Commitment, Problem
from scheduler.planning.problem.wall_time import local
from scheduler.planning.search.conditions import Conditions
from scheduler.planning.search.domains import Domain, Guest
from scheduler.planning.search.humans.other_rows import OtherRows
from scheduler.planning.search.patient_hours import PatientHours
from scheduler.planning.search.rules_by_week import RulesByWeek
from scheduler.programs import Kind

Place = tuple[WeekNumber, MinuteOfWeek]
PersonWeek = tuple[str, WeekNumber]
Taken = dict[PersonWeek, MinuteSet]
Placed = dict[PersonWeek, dict[str, Domain]]
FixedKinds = dict[PersonWeek, list[tuple[Kind, int]]]
Roomless = dict[str, dict[WeekNumber, MinuteSet]]


class Timetable:
    """What stands (fixed slots and others' commitments) and what has been placed so far; placing
    can be undone.
    """

    def __init__(self, problem: Problem, standing: Iterable[PlannedSession]) -> None:
        self.problem = problem
        self.problems = {cohort.cohort: cohort for cohort in problem.all}
        self.rules = RulesByWeek(problem)
        self.rows = OtherRows(problem.selves)
        self.at: dict[str, Place] = {}
        self.placed: Placed = defaultdict(dict)
        """What was placed, by patient or clinician and week."""
        self.taken: Taken = defaultdict(int)
        self.kept: Taken = defaultdict(int)
        """Clinicians' sessions with the buffer after each."""
        self.in_progress: dict[WeekNumber, Occupancy] = defaultdict(Occupancy)
        """By week: how many sessions need a room at each minute."""
        self.hours = PatientHours(self.rules)
        self.days = self.hours.days
        self.fixed_kinds: FixedKinds = defaultdict(list)
        """The kinds of what stands, each with its weekday, by patient and week."""
        self.gate: dict[str, Place] = {}
        """Where a patient's assessment ends."""
        self._known = _known_people(problem)
        self.roomless: Roomless = defaultdict(_no_starts)
        """By session and week the starts at which no one room was free throughout, however many
        were at each minute.
        """
        for session in standing:
            self._stand(session)
        for busy in problem.busy:
            self._stand_outside(busy)
        self.conditions_of_standing = self._conditions()
        """The conditions of demands when only what stands counts as taken."""

    def _conditions(self) -> Conditions:
        before = dict(self.taken)

        def taken(person: str, week: WeekNumber) -> MinuteSet:
            return before.get((person, week), 0)

        return Conditions(self.problems, taken)

    def _stand(self, session: PlannedSession) -> None:
        """Put what does not move on the board."""
        week = week_number(session.day)
        weekday = session.day.weekday()
        begin = weekday * DAY + session.at
        for person in session.people:
            self._take(
                person,
                week,
                begin,
                session.minutes,
            )
        of_day = (session.at, session.at + session.minutes)
        for patient in session.seated:
            days = self.days[patient, week]
            days[weekday].append(of_day)
            kinds = self.fixed_kinds[patient, week]
            kinds.append((session.kind, weekday))
        in_session = span(begin, begin + session.minutes)
        self.in_progress[week].add(in_session)

    def _stand_outside(self, busy: Commitment) -> None:
        """Put on the board what is taken outside the cohorts that are planned."""
        day, minute = local(busy.start, self.problem.zone)
        week = week_number(day)
        begin = day.weekday() * DAY + minute
        length = (busy.end - busy.start) // timedelta(minutes=1)
        for person in self._known.intersection(busy.people):
            self._take(
                person,
                week,
                begin,
                length,
            )
        if busy.takes_room:
            self.in_progress[week].add(span(begin, begin + length))

    def _take(self, person: str, week: WeekNumber, begin: MinuteOfWeek, length: int) -> None:
        end = begin + length
        for own in self.rows.of(person):
            self.taken[own, week] |= span(begin, end)
            clinician = self.problem.clinician_by_key.get(own)
            if clinician is not None:
                kept_until = end + clinician.buffer
                self.kept[own, week] |= span(begin, kept_until)

    def beside_guests_other(self, demand: Domain, guest: Guest, week: WeekNumber) -> MinuteSet:
        """Return the starts at which a relative with other rows is nowhere else, or could not
        come.
        """
        boards = (self.taken, self.kept)
        return self.rows.free_for(demand, guest, week, boards)

    def full(self, week: WeekNumber) -> MinuteSet:
        """Return the minutes of a week at which no room is left; none, when rooms are not
        limited.
        """
        rooms = len(self.problem.rooms)
        if rooms == 0:
            return 0
        return self.in_progress[week].at_least(rooms)

    def with_room(self, demand: Domain, week: WeekNumber) -> MinuteSet:
        """Return the starts of a week at which a room is left for `demand`."""
        found = ALL
        full = self.full(week)
        if full:
            found = starts_within(~full & ALL, demand.minutes)
        closed = self.roomless.get(demand.key)
        if closed:
            found &= ~closed[week]
        return found

    def live(self, demand: Domain, week: WeekNumber) -> MinuteSet:
        """Return the starts of `demand` in `week` at which its people and a room are there, hours
        not yet counted.
        """
        found = demand.starts.get(week, 0)
        if not found:
            return 0
        patient = demand.patient
        found &= self.beside_patients_other(demand, week)
        found &= self.beside_clinicians_other(demand, week)
        for guest in demand.guests:
            found &= self.beside_guests_other(demand, guest, week)
        if self.problem.rooms:
            found &= self.with_room(demand, week)
        if patient in self.gate and not demand.is_assessment:
            found &= self.after_gate(patient, week)
        return found & self.once_a_day(demand, week)

    def beside_patients_other(self, demand: Domain, week: WeekNumber) -> MinuteSet:
        """Return the starts at which the patient is in no other session."""
        taken = self.taken[demand.patient, week]
        return starts_within(~taken & ALL, demand.minutes)

    def beside_clinicians_other(self, demand: Domain, week: WeekNumber) -> MinuteSet:
        """Return the starts at which the clinician is kept by no other session, buffers counted."""
        buffer = demand.buffer
        kept = self.kept[demand.clinician, week]
        beyond = (ALL << buffer) | ALL
        return starts_within(~kept & beyond, demand.minutes + buffer)

    def once_a_day(self, demand: Domain, week: WeekNumber) -> MinuteSet:
        """Return the minutes of the days that hold no other session of the kinds that come once a
        day.
        """
        rules = self.rules.of(demand.patient, week)
        kind = demand.kind
        if kind not in rules.once_a_day:
            return ALL
        name = (demand.patient, week)
        others = list(self.fixed_kinds[name])
        for key, placed in self.placed[name].items():
            if key == demand.key:
                continue
            _, start = self.at[key]
            others.append((placed.kind, start // DAY))
        return days_left(rules, kind, others)

    def after_gate(self, patient: str, week: WeekNumber) -> MinuteSet:
        """Return the starts of a week that lie after the patient's assessment."""
        gate_week, minute = self.gate[patient]
        if week < gate_week:
            return 0
        if week > gate_week:
            return ALL
        return span(minute, WEEK)

    def open_starts(self, demand: Domain, week: WeekNumber) -> MinuteSet:
        """Return the starts at which `demand` can be placed now, hours of the day and week
        counted.
        """
        found = self.live(demand, week)
        if found:
            return self.hours.within(demand, week, found)
        return 0

    def can(self, demand: Domain, place: Place) -> bool:
        """True if `demand` can be placed there now."""
        week, start = place
        if not self.live(demand, week) >> start & 1:
            return False
        return self.hours.allow(demand, week, start)

    def put(self, demand: Domain, place: Place) -> None:
        """Place a session; the caller knows that it can be."""
        week, start = place
        patient = (demand.patient, week)
        clinician = (demand.clinician, week)
        key = demand.key
        self.at[key] = place
        self.placed[patient][key] = demand
        self.placed[clinician][key] = demand
        end = start + demand.minutes
        in_session = span(start, end)
        self.taken[patient] |= in_session
        self.kept[clinician] |= span(start, end + demand.buffer)
        for name in self.rows.taken_by(demand, week, start):
            self.taken[name] |= in_session
            self.kept[name] |= in_session
        self.hours.add(demand, week, start)
        self.in_progress[week].add(in_session)

    def remove(self, demand: Domain) -> Place:
        """Take a placed session off the board and say where it was."""
        key = demand.key
        week, start = place = self.at.pop(key)
        patient = (demand.patient, week)
        clinician = (demand.clinician, week)
        del self.placed[patient][key]
        del self.placed[clinician][key]
        end = start + demand.minutes
        in_session = span(start, end)
        self.taken[patient] &= ~in_session
        self.kept[clinician] &= ~span(start, end + demand.buffer)
        for name in self.rows.taken_by(demand, week, start):
            self.taken[name] &= ~in_session
            self.kept[name] &= ~in_session
        self.hours.remove(demand, week, start)
        self.in_progress[week].remove(in_session)
        return place

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


def _no_starts() -> dict[WeekNumber, MinuteSet]:
    return defaultdict(int)


def _known_people(problem: Problem) -> set[str]:
    known = {clinician.key for clinician in problem.clinicians}
    for cohort in problem.all:
        known |= cohort.patient_by_key.keys()
        known |= cohort.relative_by_key.keys()
    return known


def demands_of(board: Timetable, due: Iterable[DueAppointment]) -> list[Domain]:
    """Return the demands of what is due, on a board that holds only what stands."""
    conditions = board.conditions_of_standing
    return [conditions.demand(appointment) for appointment in due]
