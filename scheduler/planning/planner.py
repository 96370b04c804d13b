"""A whole plan: fixed slots, then appointments series first, then what was left out, then judged by
the checks.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import timedelta
from time import monotonic

from scheduler.planning.explain.unplaced import explain_unplaced
from scheduler.planning.problem.due_appointments import DueAppointment, due_appointments
from scheduler.planning.problem.minute_sets import DAY, monday_in
from scheduler.planning.problem.plan import (
    CANCELLED_BY_HAND,
    Plan,
    PlannedSession,
    Reason,
    Rule,
    Unplaced,
)
from scheduler.planning.problem.problem import Commitment, Problem
from scheduler.planning.problem.room_assignment import assign_rooms
from scheduler.planning.problem.wall_time import instant
from scheduler.planning.rules.judge import judge
from scheduler.planning.search.conditions import Conditions
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.initial_plan import Draft, Progress, best_draft, regular_count
from scheduler.planning.search.lns import Search, improve
from scheduler.planning.search.timetable import Place
from scheduler.programs import Seats, week_of

WORK_A_SECOND = 25_000
"""Work allowed for each second, in the search's own measure: a third of what a second can do on a
machine of today, so that the clock seldom cuts in and a seed gives one plan.
"""


def make_plan(
    problem: Problem,
    *,
    seconds: float = 10,
    seed: int = 0,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Plan:
    """Plan a cohort within about `seconds`, or until `stopped` says so: then it is the best plan so
    far.

    The same seed gives the same plan as long as neither time nor anybody stops it.
    """
    plans = make_plans(
        problem,
        (),
        seconds=seconds,
        seed=seed,
        progress=progress,
        stopped=stopped,
    )
    return plans[problem.cohort]


def make_plans(
    problem: Problem,
    cohorts: Collection[str],
    *,
    seconds: float = 10,
    seed: int = 0,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, Plan]:
    """Plan a cohort and, in the same search, those of the cohorts alongside that are named; return
    their plans by cohort. Time, seed and `stopped` are as for one.
    """
    deadline = monotonic() + seconds
    unmoved = tuple(session for session in problem.unmoved if not session.fixed)
    draft = best_draft(
        problem,
        _due(problem, unmoved),
        seed,
        deadline,
        progress,
    )
    search = Search(
        problem,
        draft,
        seed=seed,
        work=seconds * WORK_A_SECOND,
        deadline=deadline,
        tell=progress,
        stopped=stopped,
    )
    improve(search)
    plans = {problem.cohort: _judged(search, problem, unmoved)}
    for beside in problem.alongside:
        if beside.cohort not in cohorts:
            continue
        taken = list(problem.busy)
        for plan in plans.values():
            taken += commitments(plan.sessions)
        alone = replace(
            beside,
            busy=tuple(taken),
        )
        plans[beside.cohort] = _judged(search, alone, ())
    return plans


def _judged(search: Search, problem: Problem, unmoved: tuple[PlannedSession, ...]) -> Plan:
    plan = _plan(search, problem, unmoved)
    layout = search.draft.layouts[problem.cohort]
    findings = (*judge(problem, plan), *layout.findings)
    return replace(plan, findings=findings)


def commitments(sessions: Iterable[PlannedSession]) -> list[Commitment]:
    """Return what sessions of another cohort bind: who leads them and their rooms."""
    found = []
    for session in sessions:
        bound = Commitment(
            session.start,
            session.end,
            session.clinicians,
            session.room,
            about=session.key,
        )
        found.append(bound)
    return found


def _due(problem: Problem, unmoved: Iterable[PlannedSession]) -> list[DueAppointment]:
    """Return what is to be placed, of this cohort and those alongside; what has been is done, and
    what a person decided is decided.
    """
    settled = {session.key for session in unmoved} | problem.called_off
    found = []
    for cohort in problem.all:
        due, _ = due_appointments(cohort)
        found += [owed for owed in due if owed.key not in settled]
    return found


def _plan(search: Search, problem: Problem, unmoved: tuple[PlannedSession, ...]) -> Plan:
    """Return what the search arrived at for one of its cohorts, not judged yet."""
    draft = search.draft
    board = draft.board
    layout = draft.layouts[problem.cohort]
    standing = (*layout.sessions, *unmoved)
    sessions = _with_rooms(search, problem, standing)
    own = [demand for demand in draft.demands if demand.obligation.cohort == problem.cohort]
    left_out = [demand for demand in own if demand.key not in board.at]
    due, nobody = due_appointments(problem)
    return Plan(
        cohort=problem.cohort,
        sessions=sessions,
        unplaced=explain_unplaced(problem, board, left_out) + _called_off(problem, due),
        nobody=nobody,
        dropped=layout.dropped,
        regular=regular_count(board, own) + len(unmoved),
    )


def _called_off(problem: Problem, due: Iterable[DueAppointment]) -> tuple[Unplaced, ...]:
    """Return what is due again because a person cancelled it; only a person puts it back."""
    reason = Reason(Rule.CADENCE, f"it was {CANCELLED_BY_HAND} and stays so")
    found = []
    for owed in due:
        if owed.key in problem.called_off:
            found.append(
                Unplaced(
                    owed.key,
                    owed.patient.key,
                    owed.appointment.key,
                    owed.weeks,
                    (reason,),
                    ("if somebody puts it back",),
                )
            )
    return tuple(found)


def _with_rooms(
    search: Search, problem: Problem, standing: tuple[PlannedSession, ...]
) -> tuple[PlannedSession, ...]:
    """Return every session its room; what no one room can hold throughout finds another place or is
    left out.
    """
    draft = search.draft
    while True:
        placed = placed_sessions(problem, draft)
        sessions = assign_rooms(problem, (*standing, *placed))
        if not problem.rooms:
            return sessions
        roomless = {session.key for session in sessions if not session.room}
        homeless = [demand for demand in draft.demands if demand.key in roomless]
        if not homeless:
            return sessions
        homeless.sort(key=lambda demand: (draft.board.at[demand.key], demand.key))
        for demand in homeless:
            draft.board.close_roomless(demand)
        for demand in homeless:
            search.let_in([demand])


def placed_sessions(problem: Problem, draft: Draft) -> list[PlannedSession]:
    """Return the placed demands as sessions, with every relative who may and can be there."""
    conditions = draft.board.conditions_of_standing
    return [
        _session(
            problem,
            conditions,
            demand,
            draft.board.at[demand.key],
        )
        for demand in draft.demands
        if demand.key in draft.board.at and demand.obligation.cohort == problem.cohort
    ]


def _session(
    problem: Problem, conditions: Conditions, demand: Domain, place: Place
) -> PlannedSession:
    week, start = place
    weekday, at = divmod(start, DAY)
    due = demand.obligation
    day = monday_in(week) + timedelta(days=weekday)
    begin = instant(day, at, problem.zone)
    return PlannedSession(
        key=due.key,
        series=due.series,
        kind=due.appointment.kind,
        title=due.appointment.kind.replace("_", " ").capitalize(),
        topic=None,
        week=week_of(problem.starts, day),
        day=day,
        at=at,
        zone=problem.zone,
        minutes=demand.minutes,
        start=begin,
        end=begin + timedelta(minutes=demand.minutes),
        clinicians=(due.clinician,),
        patients=(due.patient.key,),
        relatives=_guests(conditions, demand, place),
        room=None,
        seats=Seats.BOTH if due.appointment.for_family else Seats.PATIENTS,
        source=due.appointment.key,
    )


def _guests(conditions: Conditions, demand: Domain, place: Place) -> tuple[str, ...]:
    """Every relative who is consenting, ready, free and nowhere else then."""
    due = demand.obligation
    (week, start) = place
    if not due.appointment.for_family:
        return ()
    return tuple(
        relative.key
        for relative in due.patient.relatives
        if conditions.relative(due, relative, week) >> start & 1
    )
