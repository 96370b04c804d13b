"""Which pieces of a plan promise most: what was left out and all around it, what is irregular, then
whole teams.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

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
        first = series[0]
        if not first.is_assessment:
            found[first.clinician].append(key)
    return dict(found)


def _around_left_out(draft: Draft, price: Cost) -> Iterator[Chosen]:
    """Return for each left-out session: the sessions of its clinician and patient in its weeks,
    then a ring wider.
    """
    for rings in (1, 2):
        for demand in draft.left_out:
            if demand.is_assessment or not any(demand.starts.values()):
                continue
            if demand.key not in draft.board.at:
                yield from _around(
                    draft,
                    price,
                    demand,
                    rings,
                    EFFORT_AROUND,
                )


def _around_irregular(problem: Problem, draft: Draft, price: Cost) -> Iterator[Chosen]:
    """Return for each of the cohort's sessions that lies off its series' usual start: what is
    around it.
    """
    for series in draft.series.values():
        if series[0].patient not in problem.patient_by_key:
            continue
        for demand in series:
            place = draft.board.at.get(demand.key)
            if place is None:
                continue
            _, start = place
            if start != usual_of(draft.board, series):
                yield from _around(
                    draft,
                    price,
                    demand,
                    1,
                    EFFORT_ONE,
                )


def _around(
    draft: Draft, price: Cost, demand: Domain, rings: int, effort: float
) -> Iterator[Chosen]:
    people = {demand.clinician, demand.patient}
    near = _near(draft, people, demand)
    for _ in range(rings - 1):
        people = set()
        for neighbor in near:
            people.update((neighbor.clinician, neighbor.patient))
        near = _near(draft, people, demand)
    if len(near) > LARGEST:
        return
    # A series without any place yet has no usual start to keep to: each start is as good.
    settled: dict[str, int | None] = {}
    for neighbor in near:
        series = draft.series[neighbor.series]
        usual = usual_of(draft.board, series)
        if usual is not None:
            settled[neighbor.series] = usual
    piece = Piece(price, near, settled, whole=False)
    yield piece, effort, None


def _near(draft: Draft, people: set[str], around: Domain) -> list[Domain]:
    """Return what is placed for `people` in the weeks of one session, and that session."""
    found = {around.key: around}
    for week in around.starts:
        for person in people:
            found |= draft.board.placed[person, week]
    return [demand for demand in found.values() if not demand.is_assessment]


def _teams(draft: Draft, price: Cost) -> Iterator[Chosen]:
    """Return for each clinician all series of the team, free to choose their usual: those with the
    most off it first.
    """
    keys = teams(draft)
    off = _off_usual(draft, keys)
    for clinician in sorted(off, key=lambda clinician: (-off[clinician], clinician)):
        team: list[Domain] = []
        for key in keys[clinician]:
            team += draft.series[key]
        if len(team) <= LARGEST:
            piece = Piece(price, team, {}, whole=True)
            yield piece, EFFORT_TEAM, clinician


def _off_usual(draft: Draft, clinicians: Iterable[str]) -> dict[str, int]:
    """Count by clinician the sessions that have no place or lie off their series' usual start."""
    off = dict.fromkeys(clinicians, 0)
    for series in draft.series.values():
        clinician = series[0].clinician
        if clinician not in off:
            continue
        usual = usual_of(draft.board, series)
        for demand in series:
            place = draft.board.at.get(demand.key)
            start = place[1] if place else -1
            off[clinician] += start != usual
    return off
