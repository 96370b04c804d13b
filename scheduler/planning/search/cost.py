"""What speaks against a plan, in points: what is left out, irregular, moved, crowded or idle. Plain
arithmetic.

A point is one idle minute of a clinician. The order of the objectives is the order of size of their
prices.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from scheduler.planning.problem.hour_counting import Span
from scheduler.planning.problem.minute_sets import (
    DAY,
    MinuteOfWeek,
    MinuteSet,
    WeekNumber,
    day_of,
    each,
    span,
)
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


def idle_minutes(kept: MinuteSet) -> int:
    """Return the minutes between a clinician's first and last of one day's `kept` minutes that are
    not kept.
    """
    if not kept:
        return 0
    first = (kept & -kept).bit_length()
    length = kept.bit_length() - first + 1
    return length - kept.bit_count()


def clinicians_day(kept: MinuteSet) -> int:
    """Return what one day of a clinician costs, by its `kept` minutes: idle time, and a little for
    a full day.
    """
    return idle_minutes(kept) + kept.bit_count() ** 2 // EVEN


def _later(demand: Domain, week: WeekNumber) -> int:
    """Return the price of a week after the first of its block."""
    return LATER_WEEK * (week - min(demand.starts))


def _apart(spans: list[Span], begin: int, end: int) -> int:
    """Return the price of a session that is far from the patient's others of that day."""
    gap = min([max(start - end, begin - finish) for start, finish in spans])
    return APART if gap > APART_MINUTES else 0


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
        offers = self.offers(
            demand,
            week,
            1 << start,
            tidy,
        )
        _, price = next(offers)
        return price

    def offers(
        self, demand: Domain, week: WeekNumber, starts: MinuteSet, tidy: bool = True
    ) -> Iterator[tuple[MinuteOfWeek, int]]:
        """Return each of `starts` with what placing `demand` there would add, regularity apart.

        Without `tidy` the clinician's idle time and the patient's gaps are left out: they depend on
        what comes beside.
        """
        known = self.published.get(demand.key)
        later = _later(demand, week)
        days = self.board.days[demand.patient, week]
        for weekday, spans in enumerate(days):
            of_day = starts & day_of(weekday)
            if not of_day:
                continue
            base = later
            if spans:
                base += SAME_DAY * self._appointments(demand, week, weekday)
            midnight = weekday * DAY
            kept = self._kept_from(midnight, demand.clinician, week)
            had = clinicians_day(kept)
            for start in each(of_day):
                price = base
                if tidy:
                    minute = start - midnight
                    end = minute + demand.minutes
                    taken = span(minute, end + demand.buffer)
                    price += clinicians_day(kept | taken) - had
                    if spans:
                        price += _apart(spans, minute, end)
                if known not in (None, (week, start)):
                    price += MOVED
                yield start, price

    def _kept_from(self, midnight: MinuteOfWeek, clinician: str, week: WeekNumber) -> MinuteSet:
        """Return what of one day a clinician is kept, from its midnight on."""
        return self.board.kept[clinician, week] >> midnight & _ONE_DAY

    def _appointments(self, demand: Domain, week: int, weekday: int) -> int:
        """Count the patient's other appointments of that day."""
        at = self.board.at
        others = self.board.placed[demand.patient, week]
        return sum(at[key][1] // DAY == weekday for key in others if key != demand.key)

    def take_off(
        self,
        demands: Iterable[Domain],
        places: dict[str, Place],
        usual: int | None,
        tidy: bool = True,
    ) -> int:
        """Remove sessions of one series, note in `places` where they were, and return their whole
        price there.
        """
        price = 0
        for demand in demands:
            if demand.key not in self.board.at:
                price += LEFT_OUT
                continue
            place = places[demand.key] = self.board.remove(demand)
            price += self.of(demand, place, tidy) + (IRREGULAR if place[1] != usual else 0)
        return price

    def put_on(
        self, demands: Iterable[Domain], places: Mapping[str, Place], usual: int | None
    ) -> int:
        """Place sessions of one series where `places` says, as far as that can be; return their
        whole price there.
        """
        price = 0
        for demand in demands:
            place = places.get(demand.key)
            if place is None or not self.board.can(demand, place):
                price += LEFT_OUT
                continue
            price += self.of(demand, place) + (IRREGULAR if place[1] != usual else 0)
            self.board.put(demand, place)
        return price

    def bare(self, series: Iterable[Sequence[Domain]]) -> int:
        """Return the price of whole series as they lie, idle time and gaps apart: what a bound can
        be held against.
        """
        series = tuple(series)
        places: dict[str, Place] = {}
        price = sum(
            self.take_off(
                demands,
                places,
                usual_of(self.board, demands),
                tidy=False,
            )
            for demands in series
        )
        self.restore((demand for demands in series for demand in demands), places)
        return price

    def restore(self, demands: Iterable[Domain], places: Mapping[str, Place]) -> None:
        """Put sessions back where `places` says, whatever became of them since."""
        demands = tuple(demands)
        for demand in demands:
            if demand.key in self.board.at:
                self.board.remove(demand)
        for demand in demands:
            if demand.key in places:
                self.board.put(demand, places[demand.key])
