"""A stay as a course: topics seen in the meetings a patient sits in, those missed, and the
projected end. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.planning.problem.due_appointments import due_appointments
from scheduler.planning.problem.plan import Plan, PlannedSession, in_order
from scheduler.planning.problem.problem import Patient, Problem
from scheduler.planning.problem.time_phrases import listed, short_day
from scheduler.programs import FixedSlot, Seats, week_of


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a slot; `seen` on the first day the patient sits in it, else when it comes `again`
    after the stay.
    """

    slot: str
    title: str
    seen: date | None
    again: date | None


@dataclass(frozen=True, slots=True)
class StaySummary:
    """A patient's stay: the week it begins in, the day its last due session falls, and the
    program's topics.
    """

    patient: str
    first: date
    week: int
    ends: date | None
    """None: nothing is due or planned."""
    topics: tuple[Topic, ...]
    is_whole: bool
    """From the cohort's first day to its last."""

    @property
    def missed(self) -> tuple[Topic, ...]:
        """The topics that the stay holds no meeting of."""
        return tuple(topic for topic in self.topics if topic.seen is None)

    @property
    def words(self) -> str:
        """One sentence: where it begins, when it ends, what it misses."""
        said = f"{self.patient} from week {self.week} ({short_day(self.first)})"
        if self.ends is None:
            said += ", nothing is left for this stay"
        else:
            said += f", projected end {short_day(self.ends)}"
        if self.missed:
            said += f"; not seen: {missed_words(self.missed)}"
        return said


def missed_words(missed: tuple[Topic, ...]) -> str:
    """Say which topics are missed and when each comes again."""
    said = []
    for topic in missed:
        again = "not again in this cohort"
        if topic.again is not None:
            again = f"again {short_day(topic.again)}"
        said.append(f"{topic.title} ({topic.slot}; {again})")
    return listed(said)


def stay_summaries(problem: Problem, plan: Plan) -> tuple[StaySummary, ...]:
    """Return the course of each patient of the cohort by this plan, in the order of the problem."""
    due: dict[str, list[date]] = {}
    unplaced = {unplaced.key for unplaced in plan.unplaced}
    for owed in due_appointments(problem)[0]:
        if owed.key in unplaced:
            due.setdefault(owed.patient.key, []).extend(owed.days(problem)[-1:])
    seated: dict[str, list[PlannedSession]] = {}
    for session in sorted(plan.sessions, key=in_order):
        for key in session.seated:
            seated.setdefault(key, []).append(session)
    return tuple(
        _course(
            problem,
            plan,
            patient,
            seated.get(patient.key, []),
            due.get(patient.key, []),
        )
        for patient in problem.patients
        if not patient.has_left
    )


def _course(
    problem: Problem, plan: Plan, patient: Patient, seated: list[PlannedSession], due: list[date]
) -> StaySummary:
    first = max(patient.first, problem.starts)
    topics = [
        topic
        for slot in problem.template.slots
        if slot.topics and slot.seats is not Seats.FAMILIES
        for topic in _topics(
            plan,
            patient,
            slot,
            seated,
        )
    ]
    return StaySummary(
        patient=patient.key,
        first=first,
        week=week_of(problem.starts, first),
        ends=max([*(session.day for session in seated), *due], default=None),
        topics=tuple(topics),
        is_whole=first == problem.starts and patient.last >= problem.last,
    )


def _topics(
    plan: Plan, patient: Patient, slot: FixedSlot, seated: list[PlannedSession]
) -> Iterator[Topic]:
    seen: dict[str, date] = {}
    for session in seated:
        if session.source == slot.key and session.topic:
            seen.setdefault(session.topic, session.day)
    later: dict[str, date] = {}
    for session in sorted(plan.sessions, key=lambda session: session.start):
        if session.source == slot.key and session.topic and session.day > patient.last:
            later.setdefault(session.topic, session.day)
    for title in dict.fromkeys(slot.topics):
        yield Topic(
            slot.title,
            title,
            seen.get(title),
            None if title in seen else later.get(title),
        )
