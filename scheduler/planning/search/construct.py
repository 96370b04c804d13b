"""Appointments placed series first: a usual weekday and hour for each patient's series, then its
exceptions.

Plain arithmetic on week numbers, so that a whole plan is there at once; what it leaves out is
repaired later.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from random import Random

from scheduler.planning.problem.minute_sets import (
    DAY,
    MinuteOfWeek,
    MinuteSet,
    WeekNumber,
    each,
    most_common,
)
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Place, Timetable

Series = Mapping[str, list[Domain]]


def by_series(demands: Iterable[Domain]) -> dict[str, list[Domain]]:
    """Group demands by their series, each in order of weeks."""
    found: dict[str, list[Domain]] = defaultdict(list)
    for demand in demands:
        found[demand.series].append(demand)
    for series in found.values():
        series.sort(key=lambda demand: demand.obligation.weeks)
    return dict(found)


def place_assessments(board: Timetable, demands: Iterable[Domain]) -> None:
    """Place each assessment as early as it can be; the first of a patient lets nothing come before
    it.
    """
    assessments = [demand for demand in demands if demand.is_assessment]
    assessments.sort(key=lambda demand: (demand.obligation.weeks, demand.key))
    for demand in assessments:
        week, open_starts = _first_open(board, demand)
        if not open_starts:
            continue
        earliest = next(each(open_starts))
        board.put(demand, (week, earliest))
        if demand.patient not in board.gate:
            board.close_before(demand)


def keep_published(
    board: Timetable, demands: Iterable[Domain], published: Mapping[str, Place]
) -> None:
    """Leave each appointment that is already published where it is, as long as it still can be
    there.
    """
    for demand in demands:
        place = published.get(demand.key)
        if place and demand.key not in board.at and board.can(demand, place):
            board.put(demand, place)


def place_series(board: Timetable, demands: Iterable[Domain], rng: Random) -> None:
    """Place what is not placed yet, the series with the least room first; chance decides between
    equals.
    """
    series = by_series(demands)
    room = {}
    for key, own in series.items():
        room[key] = (_room(own), rng.random(), key)
    for key in sorted(series, key=lambda key: room[key]):
        _place_one(board, series[key], rng)


def _room(demands: list[Domain]) -> float:
    """Count the starts there are for each of a series' sessions, on the average."""
    starts = 0
    for demand in demands:
        starts += sum(of_week.bit_count() for of_week in demand.starts.values())
    return starts / len(demands)


def _place_one(board: Timetable, demands: list[Domain], rng: Random) -> None:
    missing = [demand for demand in demands if demand.key not in board.at]
    # The sessions of a series lie in different weeks: placing one leaves the starts of the others
    # as they are.
    first = {demand.key: _first_open(board, demand) for demand in missing}
    usual = usual_of(board, demands)
    if usual is None and missing:
        starts = [of_week for _, of_week in first.values()]
        usual = _choose_usual(
            board,
            missing,
            starts,
            rng,
        )
    for demand in missing:
        week, open_starts = first[demand.key]
        place = _nearest(
            board,
            demand,
            week,
            open_starts,
            usual,
        )
        if place:
            board.put(demand, place)


def _first_open(board: Timetable, demand: Domain) -> tuple[WeekNumber, MinuteSet]:
    """Return the first week in which a demand has open starts, and these; 0 and none, when it has
    nowhere.
    """
    for week in sorted(demand.starts):
        starts = board.open_starts(demand, week)
        if starts:
            return week, starts
    return 0, 0


def usual_of(board: Timetable, demands: Iterable[Domain]) -> MinuteOfWeek | None:
    """Return the minute of the week at which most of a series lies (the earlier of equals); None:
    nowhere yet.
    """
    counted: dict[MinuteOfWeek, int] = defaultdict(int)
    for demand in demands:
        place = board.at.get(demand.key)
        if place is not None:
            counted[place[1]] += 1
    return min(counted, key=lambda start: (-counted[start], start), default=None)


def _choose_usual(
    board: Timetable, demands: list[Domain], starts: Iterable[MinuteSet], rng: Random
) -> MinuteOfWeek | None:
    """Choose the minute of the week that suits most sessions of a series, and of these the one that
    costs least.
    """
    options, count = most_common(starts)
    if not count:
        return None
    example = demands[len(demands) // 2]

    def cost(start: MinuteOfWeek) -> tuple[int, float]:
        return _cost(board, example, start), rng.random()

    return min(each(options), key=cost)


def _cost(board: Timetable, demand: Domain, start: MinuteOfWeek) -> int:
    """Count what speaks against a usual start: a second appointment that day, an extra day, gaps on
    both sides.
    """
    week = min(demand.starts)
    weekday, minute = divmod(start, DAY)
    end = minute + demand.minutes
    day = board.days[demand.patient, week][weekday]
    gaps = [max(begin - end, minute - finish) for begin, finish in day]
    cost = 0
    if not gaps:
        cost += 2
    elif min(gaps) > 30:
        cost += 1
    kept = board.kept[demand.clinician, week]
    free_again = start + demand.minutes + demand.buffer
    if start > 0 and not kept >> (start - 1) & 1:
        cost += 1
    if not kept >> free_again & 1:
        cost += 1
    if not demand.starts[week] >> start & 1:
        cost += 1
    return cost


def _nearest(
    board: Timetable,
    demand: Domain,
    week: WeekNumber,
    starts: MinuteSet,
    usual: MinuteOfWeek | None,
) -> Place | None:
    """Return the usual start in the first week it can be, else the nearest to it in the first week
    with any.
    """
    if not starts:
        return None
    if usual is not None:
        # Most often it is open in the first week: only then are the later ones worth asking.
        if starts >> usual & 1:
            return week, usual
        for later in sorted(demand.starts):
            if later > week and board.open_starts(demand, later) >> usual & 1:
                return later, usual
    nearest = min(each(starts), key=lambda start: _distance(start, usual))
    return week, nearest


def _distance(start: int, usual: int | None) -> tuple[int, int, int]:
    if usual is None:
        return 0, 0, start
    weekday, minute = divmod(start, DAY)
    usual_day, usual_minute = divmod(usual, DAY)
    return abs(weekday - usual_day), abs(minute - usual_minute), start
