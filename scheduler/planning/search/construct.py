"""Appointments placed series first: a usual weekday and hour for each patient's series, then its
exceptions.

Plain arithmetic on week numbers, so that a whole plan is there at once; what it leaves out is
repaired later.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from random import Random

from scheduler.planning.problem.minute_sets import DAY, each, most_common
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Place, Timetable

Series = Mapping[str, list[Domain]]


def by_series(demands: Iterable[Domain]) -> dict[str, list[Domain]]:
    """Group demands by their series, each in order of weeks."""
    found: dict[str, list[Domain]] = defaultdict(list)
    for demand in demands:
        found[demand.series].append(demand)
    for one in found.values():
        one.sort(key=lambda demand: demand.obligation.weeks)
    return dict(found)


def place_assessments(board: Timetable, demands: Iterable[Domain]) -> None:
    """Place each assessment as early as it can be; the first of a patient lets nothing come before
    it.
    """
    for demand in sorted(demands, key=lambda one: (one.obligation.weeks, one.key)):
        if not demand.is_assessment:
            continue
        for week in sorted(demand.starts):
            open_starts = board.open_starts(demand, week)
            if open_starts:
                board.put(demand, (week, next(each(open_starts))))
                if demand.patient not in board.gate:
                    board.close_before(demand)
                break


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
    """Place what is not placed yet, the series with the least room first."""
    series = by_series(demands)
    for key in sorted(series, key=lambda key: (_room(board, series[key]), rng.random(), key)):
        _place_one(board, series[key], rng)


def _room(board: Timetable, demands: list[Domain]) -> float:
    """How many starts there are for each of a series' sessions, on the average; chance decides
    between equals.
    """
    return sum(sum(starts.bit_count() for starts in one.starts.values()) for one in demands) / len(
        demands
    )


def _place_one(board: Timetable, demands: list[Domain], rng: Random) -> None:
    missing = [one for one in demands if one.key not in board.at]
    # The sessions of a series lie in different weeks: placing one leaves the starts of the others
    # as they are.
    first = {one.key: _first_open(board, one) for one in missing}
    usual = usual_of(board, demands)
    if usual is None and missing:
        usual = _choose_usual(board, missing, [starts for _, starts in first.values()], rng)
    for demand in missing:
        place = _nearest(board, demand, *first[demand.key], usual)
        if place:
            board.put(demand, place)


def _first_open(board: Timetable, demand: Domain) -> tuple[int, int]:
    """Return the first week in which a demand has open starts, and these; 0 and none, when it has
    nowhere.
    """
    for week in sorted(demand.starts):
        starts = board.open_starts(demand, week)
        if starts:
            return week, starts
    return 0, 0


def usual_of(board: Timetable, demands: Iterable[Domain]) -> int | None:
    """Return the minute of the week at which most of a series lies (the earlier of equals); None:
    nowhere yet.
    """
    counted: dict[int, int] = defaultdict(int)
    for demand in demands:
        if demand.key in board.at:
            counted[board.at[demand.key][1]] += 1
    return min(counted, key=lambda start: (-counted[start], start), default=None)


def _choose_usual(
    board: Timetable, demands: list[Domain], starts: Iterable[int], rng: Random
) -> int | None:
    """Choose the minute of the week that suits most sessions of a series, and of these the one that
    costs least.
    """
    options, count = most_common(starts)
    if not count:
        return None
    example = demands[len(demands) // 2]
    return min(each(options), key=lambda start: (_cost(board, example, start), rng.random()))


def _cost(board: Timetable, demand: Domain, start: int) -> int:
    """Count what speaks against a usual start: a second appointment that day, an extra day, gaps on
    both sides.
    """
    week = min(demand.starts)
    weekday, minute = divmod(start, DAY)
    end = minute + demand.minutes
    day = board.days[demand.patient, week][weekday]
    gaps = [max(begin - end, minute - finish) for begin, finish in day]
    cost = 2 if not gaps else int(min(gaps) > 30)
    kept = board.kept[demand.clinician, week]
    hours = demand.starts[week]
    for touching in (start - 1, start + demand.minutes + demand.buffer):
        if touching >= 0 and not kept >> touching & 1:
            cost += 1
    return cost + (0 if hours >> start & 1 else 1)


def _nearest(
    board: Timetable, demand: Domain, week: int, starts: int, usual: int | None
) -> Place | None:
    """The usual start in the first week it can be, else the nearest to it in the first week with
    any.
    """
    if not starts:
        return None
    if usual is not None:
        for one in sorted(demand.starts):
            # Most often it is open in the first week: only then are the later ones worth asking.
            if (
                one >= week
                and (starts if one == week else board.open_starts(demand, one)) >> usual & 1
            ):
                return one, usual
    return week, min(each(starts), key=lambda start: _distance(start, usual))


def _distance(start: int, usual: int | None) -> tuple[int, int, int]:
    if usual is None:
        return 0, 0, start
    weekday, minute = divmod(start, DAY)
    usual_day, usual_minute = divmod(usual, DAY)
    return abs(weekday - usual_day), abs(minute - usual_minute), start
