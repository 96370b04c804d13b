"""A whole plan made better: what was left out is let in, then series are made regular, piece by piece."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from time import monotonic

from scheduler.planning.demand import Demand
from scheduler.planning.drafts import Draft, Progress, published_places
from scheduler.planning.place import usual_of
from scheduler.planning.problem import Problem
from scheduler.planning.repair import Repair
from scheduler.planning.solve import Piece

LARGEST = 200
"""More sessions than this are no piece."""
EFFORT_WEEK, EFFORT_ONE, EFFORT_TEAM = 0.5, 0.1, 1.0
"""Solver time for one piece."""
EFFORT_A_SECOND = 0.3
"""Solver time spent for each second allowed: so little that the clock seldom cuts in, and a seed gives one plan."""


def improve(problem: Problem, draft: Draft, *, seed: int, seconds: float, deadline: float, tell: Progress) -> None:
    """Improve a draft until nothing helps, `seconds` are spent or the deadline (monotonic) has come; never worse."""
    repair = Repair(draft.board, draft.demands, Random(seed))  # noqa: S311 (no secret)
    for demand in draft.left_out:
        if monotonic() > deadline:
            return
        if repair.let_in(demand):
            tell(f"{len(draft.board.at)} placed, {len(draft.left_out)} left out")
    budget = seconds * EFFORT_A_SECOND
    steps = (
        (EFFORT_WEEK, _around_left_out),
        (EFFORT_ONE, _around_irregular),
        (EFFORT_TEAM, _irregular_teams),
    )
    for effort, pieces in steps:
        for piece in pieces(problem, draft):
            left = deadline - monotonic()
            if left <= 0 or budget <= 0:
                return
            better = piece.solve(seed=seed, effort=min(effort, budget), seconds=left)
            budget -= piece.spent
            if better:
                tell(f"{len(draft.board.at)} placed, {len(draft.left_out)} left out, {draft.irregular} irregular")


def _around_left_out(problem: Problem, draft: Draft) -> Iterator[Piece]:
    """For each left-out session: the sessions of its clinician and patient in its weeks, then a ring wider."""
    for rings in (1, 2):
        for demand in draft.left_out:
            possible = any(demand.starts.values()) and not demand.is_assessment
            if possible and demand.key not in draft.board.at:
                yield from _around(problem, draft, demand, rings)


def _around_irregular(problem: Problem, draft: Draft) -> Iterator[Piece]:
    """For each of the cohort's sessions that lies off its series' usual start: what is around it."""
    own = {one.key for one in problem.patients}
    for series in draft.series.values():
        for demand in series if series[0].patient in own else ():
            place = draft.board.at.get(demand.key)
            if place and place[1] != usual_of(draft.board, series):
                yield from _around(problem, draft, demand, 1)


def _around(problem: Problem, draft: Draft, demand: Demand, rings: int) -> Iterator[Piece]:
    near = _near(draft, {demand.clinician, demand.patient}, demand)
    for _ in range(rings - 1):
        people = {person for one in near for person in (one.clinician, one.patient)}
        near = _near(draft, people, demand)
    if len(near) > LARGEST:
        return
    usual = {one.series: usual_of(draft.board, draft.series[one.series]) for one in near}
    # A series without any place yet has no usual start to keep to: each start is as good.
    settled = {key: at for key, at in usual.items() if at is not None}
    yield Piece(draft.board, near, settled, published_places(problem))


def _near(draft: Draft, people: set[str], around: Demand) -> list[Demand]:
    """What is placed for `people` in the weeks of one session, and that session."""
    found = {around.key: around}
    for week in around.starts:
        for person in people:
            found |= draft.board.placed[person, week]
    return [one for one in found.values() if not one.is_assessment]


def _irregular_teams(problem: Problem, draft: Draft) -> Iterator[Piece]:
    """For each clinician with irregular series, the most first: all series of the team, free to choose their usual."""
    published = published_places(problem)
    own = {one.key for one in problem.patients}
    counted: Counter[str] = Counter()
    for series in draft.series.values():
        usual = usual_of(draft.board, series)
        off = sum(draft.board.at.get(one.key, (0, usual))[1] != usual for one in series)
        counted[series[0].clinician] += off if series[0].patient in own else 0
    for clinician, off in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
        team = [one for one in draft.demands if one.clinician == clinician and not one.is_assessment]
        if off and len(team) <= LARGEST:
            yield Piece(draft.board, team, {}, published)
