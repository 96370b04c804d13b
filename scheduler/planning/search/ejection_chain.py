"""What the first plan left out, let in by moving others: one makes room, finds another place, or
hands on the search.

Everything tried and not good enough is taken back, so a repair never leaves out what was in.
"""

from collections.abc import Iterable
from random import Random

from scheduler.planning.problem.minute_sets import each
from scheduler.planning.search.construct import by_series
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Place, Timetable

DEPTH = 3
TRIES = 400


class EjectionChain:
    """Lets left-out demands in, each by a short chain of moves."""

    def __init__(
        self,
        board: Timetable,
        demands: Iterable[Domain],
        rng: Random,
        fixed: frozenset[str] = frozenset(),
    ) -> None:
        self.board = board
        self.series = by_series(demands)
        self.rng = rng
        self.fixed = fixed
        """Keys that must stay where they are."""
        self.done: list[tuple[str, Domain, Place]] = []
        self.tries = 0

    def let_in(self, demand: Domain) -> bool:
        """Place `demand`, moving others if need be; say whether it worked."""
        self.tries = TRIES
        mark = len(self.done)
        if self._insert(
            demand,
            DEPTH,
            frozenset({demand.key}),
        ):
            return True
        self._undo(mark)
        return False

    def _insert(self, demand: Domain, depth: int, settled: frozenset[str]) -> bool:
        for week in sorted(demand.starts):
            starts = self.board.open_starts(demand, week)
            if starts:
                self._put(demand, (week, self._pick(demand, starts)))
                return True
        if depth == 0:
            return False
        return any(
            self._replace(
                demand,
                place,
                blockers,
                depth,
                settled,
            )
            for place, blockers in self._chances(demand, settled)
        )

    def _pick(self, demand: Domain, starts: int) -> int:
        siblings = self.series[demand.series]
        usual = [
            self.board.at[sibling.key][1] for sibling in siblings if sibling.key in self.board.at
        ]
        options = list(each(starts))
        return min(options, key=lambda start: (-usual.count(start), start))

    def _chances(self, demand: Domain, settled: frozenset[str]) -> list[tuple[Place, list[Domain]]]:
        """Places that at most two movable sessions block, those with the fewest first."""
        found: list[tuple[int, float, Place, list[Domain]]] = []
        for week, starts in sorted(demand.starts.items()):
            near = self._near(demand, week)
            for start in each(starts):
                blockers = [
                    neighbor
                    for neighbor, at in near
                    if _clash(
                        demand,
                        start,
                        neighbor,
                        at,
                    )
                ]
                if len(blockers) <= 2 and not any(
                    blocker.key in settled or blocker.key in self.fixed for blocker in blockers
                ):
                    found.append((len(blockers), self.rng.random(), (week, start), blockers))
        found.sort(key=lambda chance: chance[:2])
        return [(place, blockers) for _, _, place, blockers in found[:40]]

    def _near(self, demand: Domain, week: int) -> list[tuple[Domain, int]]:
        """What is placed in `week` for the same patient or clinician."""
        placed = self.board.placed[demand.patient, week] | self.board.placed[demand.clinician, week]
        return [(neighbor, self.board.at[key][1]) for key, neighbor in placed.items()]

    def _replace(
        self,
        demand: Domain,
        place: Place,
        blockers: list[Domain],
        depth: int,
        settled: frozenset[str],
    ) -> bool:
        self.tries -= 1
        if self.tries < 0:
            return False
        mark = len(self.done)
        for blocker in blockers:
            self._remove(blocker)
        if self.board.can(demand, place):
            self._put(demand, place)
            settled = settled | {demand.key}
            if all(
                self._insert(
                    blocker,
                    depth - 1,
                    settled | {blocker.key},
                )
                for blocker in blockers
            ):
                return True
        self._undo(mark)
        return False

    def _put(self, demand: Domain, place: Place) -> None:
        self.board.put(demand, place)
        self.done.append(("put", demand, place))

    def _remove(self, demand: Domain) -> None:
        self.done.append(("remove", demand, self.board.remove(demand)))

    def _undo(self, mark: int) -> None:
        while len(self.done) > mark:
            deed, demand, place = self.done.pop()
            if deed == "put":
                self.board.remove(demand)
            else:
                self.board.put(demand, place)


def _clash(demand: Domain, start: int, placed: Domain, at: int) -> bool:
    """True if two sessions cannot both be: they share the patient, or the clinician with the buffer
    after each.
    """
    shares_clinician = demand.clinician == placed.clinician
    before = demand.buffer if shares_clinician else 0
    after = placed.buffer if shares_clinician else 0
    return start < at + placed.minutes + after and at < start + demand.minutes + before
