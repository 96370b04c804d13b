"""A whole plan: fixed slots, then appointments series first, then what was left out, then judged by
the checks.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from time import monotonic

from scheduler.planning.explain.unplaced import explain_unplaced
from scheduler.planning.problem.due_appointments import due_appointments
from scheduler.planning.problem.minute_sets import DAY, monday_in
from scheduler.planning.problem.plan import Plan, PlannedSession
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.room_assignment import assign_rooms
from scheduler.planning.problem.wall_time import instant
from scheduler.planning.rules.judge import judge
from scheduler.planning.search.domains import Conditions, Domain
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
    deadline = monotonic() + seconds
    nobody = due_appointments(problem)[1]
    past = {one.key: one for one in problem.history if not one.fixed}
    due = [
        one for cohort in problem.all for one in due_appointments(cohort)[0] if one.key not in past
    ]
    draft = best_draft(problem, due, seed, deadline, progress)
    work = seconds * WORK_A_SECOND
    search = Search(
        problem, draft, seed=seed, work=work, deadline=deadline, tell=progress, stopped=stopped
    )
    improve(search)
    layout = draft.layouts[problem.cohort]
    sessions = _with_rooms(search, (*layout.sessions, *past.values()))
    own = [one for one in draft.demands if one.obligation.cohort == problem.cohort]
    unplaced = explain_unplaced(
        problem, draft.board, (one for one in own if one.key not in draft.board.at)
    )
    plan = Plan(
        cohort=problem.cohort,
        sessions=sessions,
        unplaced=unplaced,
        nobody=nobody,
        dropped=layout.dropped,
        regular=regular_count(draft.board, own) + len(past),
    )
    return replace(plan, findings=(*judge(problem, plan), *layout.findings))


def _with_rooms(search: Search, standing: tuple[PlannedSession, ...]) -> tuple[PlannedSession, ...]:
    """Return every session its room; what no one room can hold throughout finds another place or is
    left out.
    """
    problem, draft = search.problem, search.draft
    by_key = {one.key: one for one in draft.demands}
    while True:
        sessions = assign_rooms(problem, (*standing, *placed_sessions(problem, draft)))
        homeless = [
            by_key[one.key]
            for one in sessions
            if problem.rooms and not one.room and one.key in by_key
        ]
        if not homeless:
            return sessions
        for demand in homeless:
            draft.board.close_roomless(demand)
        for demand in homeless:
            search.let_in([demand])


def placed_sessions(problem: Problem, draft: Draft) -> list[PlannedSession]:
    """Return the placed demands as sessions, with every relative who may and can be there."""
    conditions = draft.board.conditions_of_standing
    return [
        _session(problem, conditions, one, draft.board.at[one.key])
        for one in draft.demands
        if one.key in draft.board.at and one.obligation.cohort == problem.cohort
    ]


def _session(
    problem: Problem, conditions: Conditions, demand: Domain, place: Place
) -> PlannedSession:
    week, start = place
    weekday, at = divmod(start, DAY)
    one = demand.obligation
    day = monday_in(week) + timedelta(days=weekday)
    begin = instant(day, at, problem.zone)
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
        relatives=_guests(conditions, demand, place),
        room=None,
        seats=Seats.BOTH if one.appointment.for_family else Seats.PATIENTS,
        source=one.appointment.key,
    )


def _guests(conditions: Conditions, demand: Domain, place: Place) -> tuple[str, ...]:
    """Every relative who is consenting, ready, free and nowhere else then."""
    one, (week, start) = demand.obligation, place
    if not one.appointment.for_family:
        return ()
    return tuple(
        relative.key
        for relative in one.patient.relatives
        if conditions.relative(one, relative, week) >> start & 1
    )
