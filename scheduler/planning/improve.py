"""A whole plan made better: what was left out is let in, then series are made regular, piece by piece."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from time import monotonic

from scheduler.planning.demand import Demand
from scheduler.planning.drafts import Draft, Progress, published_places
from scheduler.planning.place import by_series, usual_of
from scheduler.planning.problem import Problem
from scheduler.planning.repair import Repair
from scheduler.planning.solve import Piece

LARGEST = 200
"""More sessions than this are no piece."""
EFFORT_WEEK, EFFORT_TEAM = 1.0, 2.0
"""Solver time for one piece."""
EFFORT_A_SECOND = 0.4
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
    for effort, pieces in ((EFFORT_WEEK, _around_left_out), (EFFORT_TEAM, _irregular_teams)):
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
    published = published_places(problem)
    for rings in (1, 2):
        for demand in list(draft.left_out):
            if demand.key in draft.board.at:
                continue
            near = _near(draft, {demand.clinician, demand.patient}, demand)
            for _ in range(rings - 1):
                people = {person for one in near for person in (one.clinician, one.patient)}
                near = _near(draft, people, demand)
            if len(near) <= LARGEST:
                usual = {key: usual_of(draft.board, series) for key, series in by_series(draft.demands).items()}
                yield Piece(draft.board, near, {key: -1 if at is None else at for key, at in usual.items()}, published)


def _near(draft: Draft, people: set[str], around: Demand) -> list[Demand]:
    weeks = around.starts.keys()
    return [
        one
        for one in draft.demands
        if not one.is_assessment
        and {one.clinician, one.patient} & people
        and (one.key not in draft.board.at or draft.board.at[one.key][0] in weeks)
        and one.starts.keys() & weeks
    ]


def _irregular_teams(problem: Problem, draft: Draft) -> Iterator[Piece]:
    """For each clinician with irregular series, the most first: all series of the team, free to choose their usual."""
    published = published_places(problem)
    own = {one.key for one in problem.patients}
    counted: Counter[str] = Counter()
    for series in by_series(draft.demands).values():
        usual = usual_of(draft.board, series)
        off = sum(draft.board.at.get(one.key, (0, usual))[1] != usual for one in series)
        counted[series[0].clinician] += off if series[0].patient in own else 0
    for clinician, off in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
        team = [one for one in draft.demands if one.clinician == clinician and not one.is_assessment]
        if off and len(team) <= LARGEST:
            yield Piece(draft.board, team, {}, published)
