"""Fixed slots on their days: wall time over closures and clock changes, topics in turn, and who
sits in them. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduler.people import WEEKDAYS
from scheduler.planning.problem.hour_counting import Span, day_points, points_of_hour
from scheduler.planning.problem.humans.whereabouts import Whereabouts
from scheduler.planning.problem.plan import DroppedSlot, Finding, PlannedSession, Rule, in_order
from scheduler.planning.problem.problem import Patient, Problem
from scheduler.planning.problem.time_phrases import short_day
from scheduler.planning.problem.wall_time import instant, is_certain
from scheduler.programs import FAMILY_KINDS, FixedSlot, Kind, Rules, Seats, monday_of


@dataclass(frozen=True, slots=True)
class Layout:
    """The meetings of all fixed slots in order of time, those that are dropped, and seats that
    could not be given.
    """

    sessions: tuple[PlannedSession, ...]
    dropped: tuple[DroppedSlot, ...]
    findings: tuple[Finding, ...]


def lay_out_fixed_slots(problem: Problem, not_before: dict[str, datetime] | None = None) -> Layout:
    """Lay out the cohort's fixed slots; a patient named in `not_before` (after an assessment) sits
    from then on.
    """
    met: list[PlannedSession] = []
    dropped: list[DroppedSlot] = []
    for slot in problem.template.slots:
        number = 0
        for week, day in meeting_days(problem, slot):
            reason = why_dropped(problem, slot, day)
            if reason:
                dropped.append(
                    DroppedSlot(
                        slot.key,
                        slot.title,
                        day,
                        reason,
                    )
                )
                continue
            topic = None
            if slot.topics:
                topic = slot.topics[number % len(slot.topics)]
            number += 1
            met.append(
                _session(
                    problem,
                    slot,
                    week,
                    day,
                    topic,
                )
            )
    met.sort(key=in_order)
    sessions, findings = _seat(problem, met, not_before or {})
    return Layout(
        sessions, tuple(sorted(dropped, key=lambda slot: (slot.day, slot.slot))), findings
    )


def meeting_days(problem: Problem, slot: FixedSlot) -> Iterator[tuple[int, date]]:
    """Return the week and date of each meeting of a slot, from the cohort's first day on."""
    for week in range(slot.first_week, min(slot.last_week, problem.template.weeks) + 1):
        for offset, word in enumerate(WEEKDAYS):
            day = monday_of(problem.starts, week) + timedelta(days=offset)
            if word in slot.days and day >= problem.starts:
                yield week, day


def why_dropped(problem: Problem, slot: FixedSlot, day: date) -> str | None:
    """Return why a slot does not meet on `day`, or None when it does."""
    if day in problem.closed:
        note = problem.closed[day]
        return f"closed: {note}" if note else "closed"
    if is_certain(
        day,
        slot.at,
        problem.zone,
    ):
        return None
    return "clocks skip or double that hour"


def _session(
    problem: Problem, slot: FixedSlot, week: int, day: date, topic: str | None
) -> PlannedSession:
    start = instant(
        day,
        slot.at,
        problem.zone,
    )
    return PlannedSession(
        key=f"{problem.cohort}.{slot.key}.{day.isoformat()}",
        series=f"{problem.cohort}.{slot.key}",
        kind=slot.kind,
        title=slot.title,
        topic=topic,
        week=week,
        day=day,
        at=slot.at,
        zone=problem.zone,
        minutes=slot.minutes,
        start=start,
        end=start + timedelta(minutes=slot.minutes),
        clinicians=tuple(problem.leads.get(slot.key, ())),
        patients=(),
        relatives=(),
        room=None,
        seats=slot.seats,
        source=slot.key,
        fixed=True,
    )


def _seat(
    problem: Problem, met: list[PlannedSession], not_before: dict[str, datetime]
) -> tuple[tuple[PlannedSession, ...], tuple[Finding, ...]]:
    """Seat who is in the stay, never more than the group, the day and the week may hold."""
    seated: list[PlannedSession] = []
    findings: list[Finding] = []
    loads = _Loads(problem)
    whereabouts = Whereabouts(problem, met)
    for session in met:
        here = [patient for patient in problem.patients if patient.is_here(session.day)]
        guests = {patient.key: _guests(patient, session) for patient in here}
        here, guests, elsewhere = whereabouts.left(session, here, guests)
        findings += elsewhere
        if session.kind is Kind.MULTI_FAMILY_GROUP:
            here = [patient for patient in here if guests[patient.key]]
        if session.seats is not Seats.FAMILIES:
            here, left_out = loads.admit(session, here, not_before)
            findings += left_out
        seated.append(
            replace(
                session,
                patients=tuple(patient.key for patient in here),
                relatives=_relatives(session, here, guests),
            )
        )
    return tuple(seated), tuple(findings)


def _relatives(
    session: PlannedSession, here: list[Patient], guests: dict[str, list[str]]
) -> tuple[str, ...]:
    found: list[str] = []
    if session.seats is not Seats.PATIENTS:
        for patient in here:
            found += guests[patient.key]
    return tuple(found)


def _guests(patient: Patient, session: PlannedSession) -> list[str]:
    if session.kind not in FAMILY_KINDS:
        return []
    kind = session.kind
    found = []
    for relative in patient.relatives:
        if relative.may_come(kind, session.end):
            found.append(relative.key)
    return found


class _Loads:
    """How full each patient's days and weeks are while seats are given in order of time."""

    def __init__(self, problem: Problem) -> None:
        self.template = problem.template
        self.days: dict[tuple[str, date], list[Span]] = defaultdict(list)
        self.points: dict[tuple[str, date], int] = defaultdict(int)
        self.weeks: dict[tuple[str, int], int] = defaultdict(int)

    def admit(
        self, session: PlannedSession, wanted: list[Patient], not_before: dict[str, datetime]
    ) -> tuple[list[Patient], list[Finding]]:
        """Return those who can sit in `session` and say of the others why not."""
        taken: list[Patient] = []
        refused: list[Finding] = []
        for patient in sorted(wanted, key=lambda patient: patient.first):
            rule = self._refusal(
                session,
                patient,
                len(taken),
                not_before,
            )
            if rule is None:
                taken.append(patient)
                continue
            said = (
                f"{patient.key} has no seat in {session.title} on {short_day(session.day)} ({rule})"
            )
            refused.append(
                Finding(
                    rule,
                    said,
                    False,
                    session.key,
                    patient.key,
                    session.week,
                )
            )
        keys = {patient.key for patient in taken}
        return [patient for patient in wanted if patient.key in keys], refused

    def _refusal(
        self, session: PlannedSession, patient: Patient, taken: int, not_before: dict[str, datetime]
    ) -> Rule | None:
        """Return the rule that keeps the patient out; None when there is none: then the hours are
        counted.
        """
        rules = self.template.rules_in(session.week)
        earliest = not_before.get(patient.key)
        if earliest is not None and session.start < earliest:
            return Rule.ASSESSMENT_FIRST
        cap = rules.group_cap
        if cap is not None and taken >= cap:
            return Rule.GROUP_CAP
        return self._too_full(session, patient, rules)

    def _too_full(self, session: PlannedSession, patient: Patient, rules: Rules) -> Rule | None:
        """Return the limit of hours that keeps the patient out; None, with the hours counted, when
        there is none.
        """
        counts = rules.hour_counts
        scale = points_of_hour(counts)
        day = (patient.key, session.day)
        week = (patient.key, session.week)
        end = session.at + session.minutes
        span = (session.at, end)
        spans = self.days[day]
        after = day_points(
            [*spans, span],
            counts,
        )
        if after > rules.day_hours_max * scale:
            return Rule.DAY_HOURS_MAX
        of_week = self.weeks[week] + after - self.points[day]
        if of_week > rules.week_hours_max * scale:
            return Rule.WEEK_HOURS_MAX
        spans.append(span)
        self.points[day] = after
        self.weeks[week] = of_week
        return None
