"""A whole plan: fixed slots, then appointments series first, then what was left out, then judged by the checks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from time import monotonic

from scheduler.planning.board import Board, Place, demands_of
from scheduler.planning.checks import judge
from scheduler.planning.demand import Conditions, Demand
from scheduler.planning.explain import explain
from scheduler.planning.lay_out import Layout, lay_out
from scheduler.planning.minutes import DAY, monday_in, week_number
from scheduler.planning.obligations import Obligation, obligations
from scheduler.planning.place import (
    by_series,
    keep_published,
    place_assessments,
    place_series,
    usual_of,
)
from scheduler.planning.plan import Plan, PlannedSession
from scheduler.planning.problem import Problem
from scheduler.planning.repair import Repair
from scheduler.planning.rooms import assign_rooms
from scheduler.planning.wall import instant
from scheduler.programs.kinds import FAMILY_KINDS, Seats
from scheduler.programs.weeks import week_of

Progress = Callable[[str], None]
ROUNDS = 12
"""How many whole plans are tried at most before the best is repaired."""
AMPLE = 1_500
"""About so many placements are tried: large houses get fewer whole plans."""


@dataclass(slots=True)
class Draft:
    """A board with everything placed that could be, and what it was laid on."""

    layouts: dict[str, Layout]
    """By cohort: the one to plan and those alongside."""
    board: Board
    demands: list[Demand]

    @property
    def left_out(self) -> list[Demand]:
        """What has no place."""
        return [one for one in self.demands if one.key not in self.board.at]

    @property
    def irregular(self) -> int:
        """How many placed sessions lie off their series' usual start."""
        return len(self.board.at) - regular_count(self.board, self.demands)


def make_plan(problem: Problem, *, seconds: float = 20, seed: int = 0, progress: Progress | None = None) -> Plan:
    """Plan a cohort within about `seconds`; the same seed gives the same plan as long as time does not run out."""
    tell = progress or (lambda _said: None)
    deadline = monotonic() + seconds
    nobody = obligations(problem)[1]
    due = tuple(one for cohort in problem.all for one in obligations(cohort)[0])
    draft = best_draft(problem, due, seed, deadline, tell)
    improve(problem, draft, seed, deadline, tell)
    layout = draft.layouts[problem.cohort]
    sessions = assign_rooms(problem, (*layout.sessions, *placed_sessions(problem, draft)))
    own = [one for one in draft.demands if one.obligation.cohort == problem.cohort]
    unplaced = explain(problem, draft.board, (one for one in own if one.key not in draft.board.at))
    plan = Plan(
        cohort=problem.cohort,
        sessions=sessions,
        unplaced=unplaced,
        nobody=nobody,
        dropped=layout.dropped,
        regular=regular_count(draft.board, own),
    )
    return replace(plan, findings=(*judge(problem, plan), *layout.findings))


def best_draft(problem: Problem, due: Iterable[Obligation], seed: int, deadline: float, tell: Progress) -> Draft:
    """Try several whole plans and give the one that leaves out least and is most regular."""
    best: Draft | None = None
    due = tuple(due)
    for number in range(max(1, min(ROUNDS, AMPLE // max(len(due), 1)))):
        draft = first_draft(problem, due, Random(seed * 1000 + number))  # noqa: S311 (no secret)
        if best is None or _badness(draft) < _badness(best):
            best = draft
            tell(f"try {number + 1}: {len(draft.board.at)} placed, {len(draft.left_out)} left out")
        if monotonic() > deadline or _badness(best) == (0, 0):
            break
    assert best is not None
    return best


def _badness(draft: Draft) -> tuple[int, int]:
    return len(draft.left_out), draft.irregular


def first_draft(problem: Problem, due: Iterable[Obligation], rng: Random) -> Draft:
    """Lay out and place everything once."""
    due = tuple(due)
    layouts = {one.cohort: lay_out(one) for one in problem.all}
    board = Board(problem, _standing(layouts))
    demands = demands_of(board, due)
    place_assessments(board, demands)
    if board.gate:
        layouts, board, demands = _after_assessments(problem, due, board)
    keep_published(board, demands, published_places(problem))
    place_series(board, demands, rng)
    return Draft(layouts, board, demands)


def _standing(layouts: dict[str, Layout]) -> list[PlannedSession]:
    return [session for layout in layouts.values() for session in layout.sessions]


def _after_assessments(
    problem: Problem, due: tuple[Obligation, ...], board: Board
) -> tuple[dict[str, Layout], Board, list[Demand]]:
    """Lay out again, with no seat before a patient's assessment, and put the assessments where they were."""
    ends = {patient: _instant(problem, week, minute) for patient, (week, minute) in board.gate.items()}
    layouts = {one.cohort: lay_out(one, ends) for one in problem.all}
    again = Board(problem, _standing(layouts))
    again.gate = dict(board.gate)
    fresh = demands_of(again, due)
    for demand in fresh:
        if demand.key in board.at:
            again.put(demand, board.at[demand.key])
    return layouts, again, fresh


def _instant(problem: Problem, week: int, minute: int) -> datetime:
    weekday, rest = divmod(minute, DAY)
    return instant(monday_in(week) + timedelta(days=weekday), rest, problem.zone)


def published_places(problem: Problem) -> dict[str, Place]:
    """Give where this cohort's published appointments lie."""
    return {
        one.key: (week_number(one.day), one.day.weekday() * DAY + one.at) for one in problem.published if not one.fixed
    }


def improve(problem: Problem, draft: Draft, seed: int, deadline: float, tell: Progress) -> None:
    """Let in what was left out, first by chains of moves."""
    repair = Repair(draft.board, draft.demands, Random(seed))  # noqa: S311 (no secret)
    for demand in draft.left_out:
        if monotonic() > deadline:
            return
        if repair.let_in(demand):
            tell(f"repaired: {len(draft.board.at)} placed, {len(draft.left_out)} left out")


def placed_sessions(problem: Problem, draft: Draft) -> list[PlannedSession]:
    """Give the placed demands as sessions, with every relative who may and can be there."""
    conditions = draft.board.conditions_of_standing
    return [
        _session(problem, conditions, one, draft.board.at[one.key])
        for one in draft.demands
        if one.key in draft.board.at and one.obligation.cohort == problem.cohort
    ]


def _session(problem: Problem, conditions: Conditions, demand: Demand, place: Place) -> PlannedSession:
    week, start = place
    weekday, at = divmod(start, DAY)
    one = demand.obligation
    day = monday_in(week) + timedelta(days=weekday)
    begin = instant(day, at, problem.zone)
    family = one.appointment.kind in FAMILY_KINDS
    relatives = [
        relative.key
        for relative in one.patient.relatives
        if family and conditions.relative(one, relative, week) >> start & 1
    ]
    return PlannedSession(
        key=one.key,
        series=one.series,
        kind=one.appointment.kind,
        title=one.appointment.kind.replace("_", " ").capitalize(),
        topic=None,
        week=week_of(problem.starts, day),
        day=day,
        at=at,
        zone=problem.zone,
        minutes=demand.minutes,
        start=begin,
        end=begin + timedelta(minutes=demand.minutes),
        clinicians=(one.clinician,),
        patients=(one.patient.key,),
        relatives=tuple(relatives),
        room=None,
        seats=Seats.BOTH if family else Seats.PATIENTS,
        source=one.appointment.key,
    )


def regular_count(board: Board, demands: Iterable[Demand]) -> int:
    """Count the placed sessions that lie at their series' usual minute of the week."""
    count = 0
    for series in by_series(demands).values():
        usual = usual_of(board, series)
        count += sum(one.key in board.at and board.at[one.key][1] == usual for one in series)
    return count
