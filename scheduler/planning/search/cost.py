"""What speaks against a plan, in points: what is left out, irregular, moved, crowded or idle. Plain
arithmetic.

A point is one idle minute of a clinician. The order of the objectives is the order of size of their
prices.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from scheduler.planning.problem.minute_sets import DAY, day_of, each, span
from scheduler.planning.search.construct import usual_of
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Place, Timetable

LEFT_OUT = 100_000
"""A due session without a time."""
MOVED = 2_000
"""A published session that leaves its place: dearer than all that moving it could tidy up."""
IRREGULAR = 1_000
"""A session off its series' usual weekday and hour."""
LATER_WEEK = 60
"""A session in a later week of its block than the first: a series of every second week keeps its
beat.
"""
SAME_DAY = 60
"""A second appointment of a patient on one day."""
APART = 10
"""A session more than half an hour from the patient's others of that day."""
APART_MINUTES = 30

EVEN = 20_000
"""The square of a clinician's kept minutes of a day costs one point for each so many: full days
cost more than two even ones, and only where nothing else speaks.
"""

_ONE_DAY = (1 << DAY) - 1


def idle_minutes(kept: int) -> int:
    """Return the minutes between a clinician's first and last of one day's `kept` minutes that are
    not kept.
    """
    return kept.bit_length() - (kept & -kept).bit_length() + 1 - kept.bit_count() if kept else 0


def clinicians_day(kept: int) -> int:
    """Return what one day of a clinician costs, by its `kept` minutes: idle time, and a little for
    a full day.
    """
    return idle_minutes(kept) + kept.bit_count() ** 2 // EVEN


class Cost:
    """The price of single places on a board; exact, so that differences add up over any chain of
    moves.
    """

    def __init__(self, board: Timetable, published: Mapping[str, Place]) -> None:
        self.board = board
        self.published = published

    def of(self, demand: Domain, place: Place, tidy: bool = True) -> int:
        """Return what placing `demand` there would add to the price of the plan, regularity
        apart.
        """
        week, start = place
        return next(price for _, price in self.offers(demand, week, 1 << start, tidy))

    def offers(
        self, demand: Domain, week: int, starts: int, tidy: bool = True
    ) -> Iterator[tuple[int, int]]:
        """Return each of `starts` with what placing `demand` there would add, regularity apart.

        Without `tidy` the clinician's idle time and the patient's gaps are left out: they depend on
        what comes beside.
        """
        later = LATER_WEEK * (week - min(demand.starts))
        known = self.published.get(demand.key)
        for weekday in range(7):
            of_day = starts & day_of(weekday)
            if not of_day:
                continue
            kept = self.board.kept[demand.clinician, week] >> (weekday * DAY) & _ONE_DAY
            had = clinicians_day(kept)
            spans = self.board.days[demand.patient, week][weekday]
            crowded = SAME_DAY * self._appointments(demand, week, weekday) if spans else 0
            for start in each(of_day):
                minute = start - weekday * DAY
                end = minute + demand.minutes
                price = later + crowded
                if tidy:
                    price += clinicians_day(kept | span(minute, end + demand.buffer)) - had
                if (
                    tidy
                    and spans
                    and min(max(begin - end, minute - finish) for begin, finish in spans)
                    > APART_MINUTES
                ):
                    price += APART
                if known is not None and known != (week, start):
                    price += MOVED
                yield start, price

    def _appointments(self, demand: Domain, week: int, weekday: int) -> int:
        """Count the patient's other appointments of that day."""
        at, others = self.board.at, self.board.placed[demand.patient, week]
        return sum(at[key][1] // DAY == weekday for key in others if key != demand.key)

    def take_off(
        self,
        demands: Iterable[Domain],
        places: dict[str, Place],
        usual: int | None,
        tidy: bool = True,
    ) -> int:
        """Remove sessions of one series, note in `places` where they were, and give their whole
        price there.
        """
        price = 0
        for one in demands:
            if one.key not in self.board.at:
                price += LEFT_OUT
                continue
            place = places[one.key] = self.board.remove(one)
            price += self.of(one, place, tidy) + (IRREGULAR if place[1] != usual else 0)
        return price

    def put_on(
        self, demands: Iterable[Domain], places: Mapping[str, Place], usual: int | None
    ) -> int:
        """Place sessions of one series where `places` says, as far as that can be; give their whole
        price there.
        """
        price = 0
        for one in demands:
            place = places.get(one.key)
            if place is None or not self.board.can(one, place):
                price += LEFT_OUT
                continue
            price += self.of(one, place) + (IRREGULAR if place[1] != usual else 0)
            self.board.put(one, place)
        return price

    def bare(self, series: Iterable[Sequence[Domain]]) -> int:
        """Return the price of whole series as they lie, idle time and gaps apart: what a bound can
        be held against.
        """
        series = tuple(series)
        places: dict[str, Place] = {}
        price = sum(
            self.take_off(one, places, usual_of(self.board, one), tidy=False) for one in series
        )
        self.restore((demand for one in series for demand in one), places)
        return price

    def restore(self, demands: Iterable[Domain], places: Mapping[str, Place]) -> None:
        """Put sessions back where `places` says, whatever became of them since."""
        demands = tuple(demands)
        for one in demands:
            if one.key in self.board.at:
                self.board.remove(one)
        for one in demands:
            if one.key in places:
                self.board.put(one, places[one.key])
