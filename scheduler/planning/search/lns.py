"""A whole plan made better for as long as it helps: series renewed on one core, pieces solved on
the other.

The turns of both are counted in work, not in time, so that a seed gives one plan on one core or
two, as long as the clock does not cut in. Between two steps the plan is whole: the search can be
stopped there.
"""

from collections.abc import Callable, Container, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from random import Random
from time import monotonic

from scheduler.kernel.installation import has_extra
from scheduler.planning.problem.problem import Problem
from scheduler.planning.search.cost import Cost
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.ejection_chain import EjectionChain
from scheduler.planning.search.initial_plan import Draft, Progress, published_places
from scheduler.planning.search.neighborhoods import Chosen, neighborhoods, teams
from scheduler.planning.search.ruin_recreate import RuinRecreate

OPENING = 400_000
"""Offers looked at before the first piece is solved."""
TURN = 60_000
"""Offers looked at while one piece is solved elsewhere."""
WORK_OF_SOLVER = 200_000
"""Offers that are worth one unit of the solver's own time."""
QUIET, QUIET_EACH = 30, 12
"""A team is left in peace after so many renewals in vain, and so many more for each of its series.
"""
TOGETHER = (1, 2, 2, 3, 3, 4, 5)
"""How many series are renewed at once, by lot."""
FIRST = 0.7
"""How often what was left out is looked at first."""


class Search:
    """One improvement: what may be spent, where it still pays to look, and what is proven."""

    def __init__(
        self,
        problem: Problem,
        draft: Draft,
        *,
        seed: int,
        work: float,
        deadline: float,
        tell: Progress | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.problem = problem
        self.draft = draft
        self.seed = seed
        self.work = work
        """Work left, in offers."""
        self.deadline = deadline
        self.tell = tell
        self.stopped = stopped
        self.rng = Random(seed)  # noqa: S311 (no secret)
        self.price = Cost(draft.board, published_places(problem))
        self.renewal = RuinRecreate(
            draft.board,
            draft.series,
            self.price,
            self.rng,
        )
        self.teams = loose_teams(problem, draft)
        """By clinician the series that may be renewed."""
        self.vain = dict.fromkeys(self.teams, 0)
        self.proven: dict[str, tuple[int, float]] = {}
        """By clinician what the team costs, idle time apart, and what it costs at the least."""

    @property
    def is_over(self) -> bool:
        """True if time or work is spent, or somebody said stop."""
        return self.work <= 0 or monotonic() > self.deadline or self.stopped()

    def let_in(self, demands: Iterable[Domain]) -> None:
        """Let in what was left out, by short chains of moves."""
        repair = EjectionChain(
            self.draft.board,
            self.draft.demands,
            self.rng,
        )
        for demand in demands:
            if repair.let_in(demand):
                self.say()
            if self.is_over:
                return

    def renew(self, work: float, apart_from: Iterable[str] = ()) -> None:
        """Renew series of one team or another until all are quiet or so many offers were looked
        at.
        """
        until = self.renewal.work + work
        left_alone = set(apart_from)
        among = [team for team in self.teams if team not in left_alone]
        wanting = {demand.clinician for demand in self.draft.left_out}
        while self.renewal.work < until and not self.is_over:
            team = self._choose_team(among, wanting)
            if team is None:
                return
            self._renew_one(team)

    def _choose_team(self, among: list[str], wanting: Container[str]) -> str | None:
        """Return by lot a team that may still gain, most often one that lacks something; None when
        all are quiet.
        """
        lively = [team for team in among if self._is_lively(team)]
        if not lively:
            return None
        first = [team for team in lively if team in wanting]
        if first and self.rng.random() < FIRST:
            return self.rng.choice(first)
        return self.rng.choice(lively)

    def _is_lively(self, team: str) -> bool:
        """True if renewing a team may still pay."""
        patience = QUIET + QUIET_EACH * len(self.teams[team])
        return self.vain[team] < patience

    def _renew_one(self, team: str) -> None:
        keys = self.teams[team]
        before = self.renewal.work
        together = min(self.rng.choice(TOGETHER), len(keys))
        chosen = self.rng.sample(keys, together)
        missing = [key for key in keys if self._lacks_some(key)]
        if missing and self.rng.random() < FIRST:
            first = self.rng.choice(missing)
            chosen = [first, *(key for key in chosen[1:] if key != first)]
        gained = self.renewal.renew(chosen)
        self.work -= self.renewal.work - before
        self.vain[team] += 1
        if gained:
            self.vain[team] = 0

    def _lacks_some(self, series: str) -> bool:
        at = self.draft.board.at
        return any(demand.key not in at for demand in self.draft.series[series])

    def solve(self, chosen: Chosen, solver: Executor) -> None:
        """Solve one piece on the other core while other teams are renewed on this one."""
        piece, effort, clinician = chosen
        piece.prepare()
        seconds = self.deadline - monotonic()
        answer = solver.submit(
            piece.search,
            seed=self.seed,
            effort=effort,
            seconds=seconds,
        )
        self.renew(TURN, apart_from={demand.clinician for demand in piece.demands})
        found = answer.result()
        self.work -= found.spent * WORK_OF_SOLVER
        if piece.keep(found):
            self.vain |= {
                demand.clinician: 0 for demand in piece.demands if demand.clinician in self.vain
            }
        if clinician is not None:
            self.proven[clinician] = (self.price.bare(piece.series.values()), found.bound)
        self.say()

    def say(self) -> None:
        """Tell how far it is and, as far as it is proven, how much better it could be."""
        if self.tell is None:
            return
        draft = self.draft
        said = (
            f"{len(draft.board.at)} of {len(draft.demands)} placed, {draft.irregular} off "
            "their usual hour"
        )
        if self.proven:
            price, bound = (sum(part) for part in zip(*self.proven.values(), strict=True))
            gap = (price - bound) / price if price else 0.0
            said += f"; {price} points, at least {bound:.0f} proven (gap {gap:.0%})"
        self.tell(said)


def improve(search: Search, solver: Executor | None = None) -> None:
    """Improve the draft until nothing helps, work or time is spent, or somebody says stop; never
    for the worse. Without OR-Tools no piece is solved: renewing series has to do.
    """
    search.let_in(search.draft.left_out)
    search.renew(OPENING)
    search.say()
    if has_extra("planner"):
        with solver or ThreadPoolExecutor(1) as core:
            _solve_pieces(search, core)
    if search.is_over:
        return
    search.renew(search.work)
    search.say()


def _solve_pieces(search: Search, core: Executor) -> None:
    pieces = neighborhoods(search.problem, search.draft, search.price)
    for chosen in pieces:
        if search.is_over:
            return
        search.solve(chosen, core)


def loose_teams(problem: Problem, draft: Draft) -> dict[str, list[str]]:
    """Return by clinician the series that may be renewed: all, before the first publication; then
    those with news.
    """
    if not problem.published:
        return teams(draft)
    known = published_places(problem)
    loose = {
        key
        for key, series in draft.series.items()
        if any(demand.key not in known for demand in series)
    }
    found = {
        clinician: [key for key in keys if key in loose] for clinician, keys in teams(draft).items()
    }
    return {clinician: keys for clinician, keys in found.items() if keys}
