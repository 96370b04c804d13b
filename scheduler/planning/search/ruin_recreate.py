"""A few series taken off the board and placed anew, each at the usual start that costs least; kept
when not dearer.
"""

from collections.abc import Mapping, Sequence
from random import Random

from scheduler.planning.search.construct import usual_of
from scheduler.planning.search.cost import IRREGULAR, LEFT_OUT, Cost
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Place, Timetable

Offers = dict[int, tuple[int, Place]]
"""For one session: by minute of the week the cheapest place and its price."""


class RuinRecreate:
    """Renews series on one board, never for the worse."""

    def __init__(
        self, board: Timetable, series: Mapping[str, list[Domain]], price: Cost, rng: Random
    ) -> None:
        self.board = board
        self.series = series
        self.price = price
        self.rng = rng
        self.work = 0
        """How many offers were looked at: effort that does not depend on the clock."""

    def renew(self, keys: Sequence[str]) -> int:
        """Place these series anew in this order; return the points gained, 0 when nothing got
        better.
        """
        before: dict[str, Place] = {}
        old = 0
        for key in keys:
            demands = self.series[key]
            old += self.price.take_off(
                demands,
                before,
                usual_of(self.board, demands),
            )
        new = 0
        for key in keys:
            new += self._put_on(self.series[key])
            if new > old:
                self.price.restore((demand for key in keys for demand in self.series[key]), before)
                return 0
        return old - new

    def _put_on(self, demands: Sequence[Domain]) -> int:
        """Place a series at the usual start at which all of it costs least; return its price."""
        offers = [self._offers(demand) for demand in demands]
        elsewhere = [
            min((price for price, _ in own.values()), default=LEFT_OUT) + IRREGULAR
            for own in offers
        ]
        usual = self._usual(offers, elsewhere)
        total = 0
        for demand, own, away in zip(demands, offers, elsewhere, strict=True):
            if not own:
                total += LEFT_OUT
                continue
            regular = usual in own and own[usual][0] <= away
            price, place = own[usual] if regular and usual is not None else min(own.values())
            total += price if regular else price + IRREGULAR
            self.board.put(demand, place)
        return total

    def _offers(self, demand: Domain) -> Offers:
        found: Offers = {}
        for week in sorted(demand.starts):
            for start, price in self.price.offers(
                demand, week, self.board.open_starts(demand, week)
            ):
                self.work += 1
                if start not in found or price < found[start][0]:
                    found[start] = (price, (week, start))
        return found

    def _usual(self, offers: list[Offers], elsewhere: list[int]) -> int | None:
        """The start at which all sessions together cost least; chance decides between equals."""
        totals: dict[int, int] = {}
        for own, away in zip(offers, elsewhere, strict=True):
            for start, (price, _) in own.items():
                totals[start] = totals.get(start, 0) + min(price - away, 0)
        return min(totals, key=lambda start: (totals[start], self.rng.random()), default=None)
