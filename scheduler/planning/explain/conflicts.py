"""What a person is doing when an appointment could be: the sessions in its way, in words. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from scheduler.people import WEEKDAYS
from scheduler.planning.explain.constraints import Case
from scheduler.planning.problem.minute_sets import (
    DAY,
    WEEK,
    MinuteSet,
    WeekNumber,
    each,
    span,
    week_number,
)
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.time_phrases import listed, start_words
from scheduler.planning.problem.wall_time import local
from scheduler.programs import Seats, monday_of, said_kind

NO_SESSIONS = {
    "assessment",
    "progress_update",
    "discharge_planning",
    "treatment_plan_review",
    "case_consult",
}
"""Kinds whose word is a thing by itself: an assessment, not an assessment session."""
ANOTHER = "another appointment"


@dataclass(frozen=True, slots=True, order=True)
class Engagement:
    """A session of one person in one week: from which minute, until when they are kept, what it
    is.
    """

    week: int
    begin: int
    end: int
    what: str

    def words(self, zone: str) -> str:
        """Say what it is and when."""
        return f"{self.what} on {start_words(self.week, self.begin, zone)}"


def conflicts_of(case: Case, who: str, week: WeekNumber, starts: MinuteSet) -> list[Engagement]:
    """Return the sessions of `who` that a start at one of `starts` would run into, in order of
    time.
    """
    demand = case.demand
    length = demand.minutes
    if who == demand.clinician:
        length += demand.buffer
    wanted = 0
    for start in each(starts):
        wanted |= span(start, start + length)
    found = []
    for engagement in sorted(engagements(case, who, week)):
        if span(engagement.begin, engagement.end) & wanted:
            found.append(engagement)
    return found


def engagements(case: Case, who: str, week: WeekNumber) -> Iterator[Engagement]:
    """Return all sessions of `who` in a week: placed ones, groups, what has been, and other
    cohorts'.
    """
    clinician = case.problem.clinician_by_key.get(who)
    after = clinician.buffer if clinician else 0
    yield from _placed(case, who, week, after)
    yield from _met(case, who, week, after)
    yield from _been(
        case,
        who,
        week,
        after,
    )
    yield from _elsewhere(
        case.board.problem,
        who,
        week,
        after,
    )


def _placed(case: Case, who: str, week: WeekNumber, after: int) -> Iterator[Engagement]:
    placed = case.board.placed.get((who, week), {})
    for key, demand in placed.items():
        _, start = case.board.at[key]
        what = f"the {_kind(demand.kind)} of {demand.patient}"
        if _are_strangers(case, [demand.patient]):
            what = ANOTHER
        yield Engagement(
            week,
            start,
            start + demand.minutes + after,
            what,
        )


def _are_strangers(case: Case, patients: Iterable[str]) -> bool:
    """True if another of these patients shares a human with the one that is explained: nobody
    learns of the one family by the other.
    """
    own = _family(
        case.problem,
        case.demand.patient,
    )
    for patient in patients:
        if patient == case.demand.patient:
            continue
        for problem in case.board.problems.values():
            if own & _family(
                problem,
                patient,
            ):
                return True
    return False


def _family(problem: Problem, patient: str) -> set[str]:
    """Return the humans with several rows in a patient's family, the patient included."""
    row = problem.patient_by_key.get(patient)
    if row is None or not problem.bodies:
        return set()
    people = (patient, *(relative.key for relative in row.relatives))
    return {problem.bodies[key] for key in people if key in problem.bodies}


def _met(case: Case, who: str, week: WeekNumber, after: int) -> Iterator[Engagement]:
    taken = case.board.taken[who, week]
    for problem in case.board.problems.values():
        for begin, minutes, title in _groups(problem, who, week):
            if taken >> begin & 1:
                end = begin + minutes + after
                yield Engagement(
                    week,
                    begin,
                    end,
                    title,
                )


def _been(case: Case, who: str, week: WeekNumber, after: int) -> Iterator[Engagement]:
    for session in case.problem.unmoved:
        if session.fixed or who not in session.people:
            continue
        if week_number(session.day) == week:
            begin = session.day.weekday() * DAY + session.at
            end = begin + session.minutes + after
            what = f"the {_kind(session.kind)} of {', '.join(session.patients)}"
            if _are_strangers(case, session.patients):
                what = ANOTHER
            yield Engagement(
                week,
                begin,
                end,
                what,
            )


def _groups(problem: Problem, who: str, week: WeekNumber) -> Iterator[tuple[int, int, str]]:
    """Return when `who` leads or sits in fixed slots, closed days not looked at."""
    first = week_number(monday_of(problem.starts, 1))
    number = week - first + 1
    for slot in problem.template.slots:
        leads = who in problem.leads.get(slot.key, ())
        sits = who in problem.patient_by_key and slot.seats is not Seats.FAMILIES
        if not (leads or sits):
            continue
        if slot.first_week <= number <= slot.last_week:
            for word in slot.days:
                begin = WEEKDAYS.index(word) * DAY + slot.at
                yield begin, slot.minutes, slot.title


def _elsewhere(problem: Problem, who: str, week: WeekNumber, after: int) -> Iterator[Engagement]:
    for busy in problem.busy:
        if who not in busy.people:
            continue
        day, minute = local(busy.start, problem.zone)
        if week_number(day) != week:
            continue
        begin = day.weekday() * DAY + minute
        length = (busy.end - busy.start) // timedelta(minutes=1)
        end = min(begin + length + after, WEEK)
        what = busy.about
        if busy.takes_room:
            cohort, *_ = busy.about.split(".")
            what = f"a session of {cohort}"
        yield Engagement(
            week,
            begin,
            end,
            what,
        )


def told(found: Iterable[Engagement], zone: str, most: int = 3) -> str:
    """Name them when they are few; of many say how many and which is the first."""
    words = [engagement.words(zone) for engagement in found]
    if len(words) <= most:
        return listed(words)
    return f"{len(words)} sessions, the first {words[0]}"


def _kind(kind: str) -> str:
    said = said_kind(kind)
    if kind in NO_SESSIONS or said.endswith("session"):
        return said
    return f"{said} session"
