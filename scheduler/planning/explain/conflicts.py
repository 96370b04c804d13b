"""What a person is doing when an appointment could be: the sessions in its way, in words. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scheduler.people import WEEKDAYS
from scheduler.planning.explain.constraints import Case
from scheduler.planning.problem.minute_sets import DAY, WEEK, each, span, week_number
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.time_phrases import listed, start_words
from scheduler.planning.problem.wall_time import local
from scheduler.programs import Seats, monday_of


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


def conflicts_of(case: Case, who: str, week: int, starts: int) -> list[Engagement]:
    """Return the sessions of `who` that a start at one of `starts` would run into, in order of
    time.
    """
    buffer = case.demand.buffer if who == case.demand.clinician else 0
    wanted = 0
    for start in each(starts):
        wanted |= span(start, start + case.demand.minutes + buffer)
    return [
        one for one in sorted(engagements(case, who, week)) if span(one.begin, one.end) & wanted
    ]


def engagements(case: Case, who: str, week: int) -> Iterator[Engagement]:
    """Return all sessions of `who` in a week: placed ones, groups, what has been, and other
    cohorts'.
    """
    after = case.problem.clinician_by_key[who].buffer if who in case.problem.clinician_by_key else 0
    for key, one in case.board.placed.get((who, week), {}).items():
        start = case.board.at[key][1]
        yield Engagement(
            week,
            start,
            start + one.minutes + after,
            f"the {_kind(one.obligation.kind)} of {one.patient}",
        )
    taken = case.board.taken[who, week]
    for problem in case.board.problems.values():
        for begin, minutes, title in _groups(problem, who, week):
            if taken >> begin & 1:
                yield Engagement(week, begin, begin + minutes + after, title)
    for session in case.problem.history:
        if not session.fixed and who in session.people and week_number(session.day) == week:
            begin = session.day.weekday() * DAY + session.at
            what = f"the {_kind(session.kind)} of {', '.join(session.patients)}"
            yield Engagement(week, begin, begin + session.minutes + after, what)
    yield from _elsewhere(case.board.problem, who, week, after)


def _groups(problem: Problem, who: str, week: int) -> Iterator[tuple[int, int, str]]:
    """When `who` leads or sits in fixed slots, closed days not looked at."""
    number = week - week_number(monday_of(problem.starts, 1)) + 1
    sits = who in problem.patient_by_key
    for slot in problem.template.slots:
        there = who in problem.leads.get(slot.key, ()) or (
            sits and slot.seats is not Seats.FAMILIES
        )
        if there and slot.first_week <= number <= slot.last_week:
            for word in slot.days:
                yield WEEKDAYS.index(word) * DAY + slot.at, slot.minutes, slot.title


def _elsewhere(problem: Problem, who: str, week: int, after: int) -> Iterator[Engagement]:
    for busy in problem.busy:
        if who not in busy.people:
            continue
        day, minute = local(busy.start, problem.zone)
        if week_number(day) == week:
            begin = day.weekday() * DAY + minute
            length = int((busy.end - busy.start).total_seconds()) // 60
            about = f"a session of {busy.about.split('.')[0]}" if busy.takes_room else busy.about
            yield Engagement(week, begin, min(begin + length + after, WEEK), about)


def told(found: Iterable[Engagement], zone: str, most: int = 3) -> str:
    """Name them when they are few; of many say how many and which is the first."""
    words = [one.words(zone) for one in found]
    return listed(words) if len(words) <= most else f"{len(words)} sessions, the first {words[0]}"


def _kind(kind: str) -> str:
    said = kind.replace("_", " ")
    return (
        said
        if kind in {"assessment", "progress_update", "discharge_planning"}
        else f"{said} session"
    )
