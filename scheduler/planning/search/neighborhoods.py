"""Which pieces of a plan promise most: what was left out and all around it, what is irregular, then
whole teams.
"""

from collections import defaultdict
from collections.abc import Iterator

from scheduler.planning.problem.problem import Problem
from scheduler.planning.search.construct import usual_of
from scheduler.planning.search.cost import Cost
from scheduler.planning.search.cp_sat import Piece
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.initial_plan import Draft

LARGEST = 320
"""More sessions than this are no piece."""
EFFORT_AROUND, EFFORT_ONE, EFFORT_TEAM = 0.3, 0.1, 1.0
"""Solver time for one piece, by its kind."""

Chosen = tuple[Piece, float, str | None]
"""A piece, the solver time it is worth, and the clinician whose whole team it is."""


def neighborhoods(problem: Problem, draft: Draft, price: Cost) -> Iterator[Chosen]:
    """Return piece after piece, each chosen by what the board then holds."""
    yield from _around_left_out(draft, price)
    yield from _around_irregular(problem, draft, price)
    if not problem.published:
        yield from _teams(draft, price)


def teams(draft: Draft) -> dict[str, list[str]]:
    """Return the keys of the series each clinician holds, assessments apart."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, series in draft.series.items():
        if not series[0].is_assessment:
            found[series[0].clinician].append(key)
    return dict(found)


def _around_left_out(draft: Draft, price: Cost) -> Iterator[Chosen]:
    """For each left-out session: the sessions of its clinician and patient in its weeks, then a
    ring wider.
    """
    for rings in (1, 2):
        for demand in draft.left_out:
            possible = any(demand.starts.values()) and not demand.is_assessment
            if possible and demand.key not in draft.board.at:
                yield from _around(draft, price, demand, rings, EFFORT_AROUND)


def _around_irregular(problem: Problem, draft: Draft, price: Cost) -> Iterator[Chosen]:
    """For each of the cohort's sessions that lies off its series' usual start: what is around
    it.
    """
    own = {one.key for one in problem.patients}
    for series in draft.series.values():
        for demand in series if series[0].patient in own else ():
            place = draft.board.at.get(demand.key)
            if place and place[1] != usual_of(draft.board, series):
                yield from _around(draft, price, demand, 1, EFFORT_ONE)


def _around(
    draft: Draft, price: Cost, demand: Domain, rings: int, effort: float
) -> Iterator[Chosen]:
    near = _near(draft, {demand.clinician, demand.patient}, demand)
    for _ in range(rings - 1):
        people = {person for one in near for person in (one.clinician, one.patient)}
        near = _near(draft, people, demand)
    if len(near) > LARGEST:
        return
    usual = {one.series: usual_of(draft.board, draft.series[one.series]) for one in near}
    # A series without any place yet has no usual start to keep to: each start is as good.
    settled = {key: at for key, at in usual.items() if at is not None}
    yield Piece(price, near, settled, whole=False), effort, None


def _near(draft: Draft, people: set[str], around: Domain) -> list[Domain]:
    """What is placed for `people` in the weeks of one session, and that session."""
    found = {around.key: around}
    for week in around.starts:
        for person in people:
            found |= draft.board.placed[person, week]
    return [one for one in found.values() if not one.is_assessment]


def _teams(draft: Draft, price: Cost) -> Iterator[Chosen]:
    """For each clinician all series of the team, free to choose their usual: those with the most
    off it first.
    """
    off = dict.fromkeys(teams(draft), 0)
    for series in draft.series.values():
        usual = usual_of(draft.board, series)
        if series[0].clinician in off:
            off[series[0].clinician] += sum(
                draft.board.at.get(one.key, (0, -1))[1] != usual for one in series
            )
    keys = teams(draft)
    for clinician in sorted(off, key=lambda one: (-off[one], one)):
        team = [one for key in keys[clinician] for one in draft.series[key]]
        if len(team) <= LARGEST:
            yield Piece(price, team, {}, whole=True), EFFORT_TEAM, clinician
