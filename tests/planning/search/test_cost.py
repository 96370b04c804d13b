"""What a place costs: the table of prices, and that differences add up over any chain of moves."""

from random import Random

import pytest

from scheduler.planning.problem.due_appointments import due_appointments
from scheduler.planning.problem.minute_sets import each, span
from scheduler.planning.search.cost import (
    APART,
    IRREGULAR,
    LEFT_OUT,
    MOVED,
    SAME_DAY,
    Cost,
    clinicians_day,
    idle_minutes,
)
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.initial_plan import Draft, first_draft
from tests.planning.week_grid import FAM, ONE, at, evening

#          18:00 - 19:30 Process with Rivera on Mon, Wed, Thu, ten minutes kept after each session
MONDAY = 0
TUESDAY = 1440


def draft() -> Draft:
    """The evening cohort, whole: individual sessions weekly, family sessions every second week."""
    problem = evening(appointments=(ONE, FAM), rooms=("a", "b"))
    return first_draft(problem, due_appointments(problem)[0], Random(0))


def one_of(draft: Draft, key: str) -> Domain:
    return next(one for one in draft.demands if one.key == key)


@pytest.mark.parametrize(
    ("kept", "idle"),
    [
        ((), 0),
        (((600, 660),), 0),
        (((600, 660), (660, 720)), 0),
        (((600, 660), (690, 750)), 30),
        (((600, 660), (720, 780), (900, 960)), 60 + 120),
    ],
)
def test_idle_minutes_lie_between_the_first_and_the_last_kept(
    kept: tuple[tuple[int, int], ...], idle: int
) -> None:
    assert idle_minutes(sum(span(*one) for one in kept)) == idle


def test_a_session_beside_the_group_costs_next_to_nothing_and_one_apart_its_gap() -> None:
    found = draft()
    board, noemie = found.board, one_of(found, "evening.one.noemie.w1")
    for demand in found.demands:
        board.remove(demand)
    week = min(noemie.starts)
    price = Cost(board, {})
    evenness = clinicians_day(span(0, 160)) - clinicians_day(span(0, 100))
    assert price.of(noemie, (week, MONDAY + at("17:00"))) == evenness == 1
    assert price.of(noemie, (week, MONDAY + at("16:30"))) == 30 + APART + evenness


def test_two_even_days_cost_less_than_a_full_one_and_an_empty_one() -> None:
    full, half = clinicians_day(span(480, 960)), clinicians_day(span(480, 720))
    assert (full, half, clinicians_day(0)) == (11, 2, 0)


def test_a_second_appointment_on_one_day_costs_more() -> None:
    found = draft()
    board, one, fam = (
        found.board,
        one_of(found, "evening.one.jordan.w1"),
        one_of(found, "evening.fam.jordan.w1"),
    )
    for demand in found.demands:
        board.remove(demand)
    week = min(one.starts)
    price = Cost(board, {})
    board.put(fam, (week, TUESDAY + at("16:30")))
    beside, alone = TUESDAY + at("17:45"), TUESDAY + 1440 + at("17:00")
    assert price.of(one, (week, beside)) - price.of(one, (week, alone)) >= SAME_DAY


def test_a_published_session_is_dear_to_move_and_free_to_keep() -> None:
    found = draft()
    one = one_of(found, "evening.one.noemie.w1")
    place = found.board.remove(one)
    elsewhere = (place[0], next(each(found.board.open_starts(one, place[0]) & ~(1 << place[1]))))
    known, unknown = Cost(found.board, {one.key: place}), Cost(found.board, {})
    assert known.of(one, place) == unknown.of(one, place)
    assert known.of(one, elsewhere) == unknown.of(one, elsewhere) + MOVED


def test_the_order_of_the_objectives_is_the_order_of_their_prices() -> None:
    a_day = 24 * 60
    assert LEFT_OUT > 40 * MOVED > MOVED > IRREGULAR > SAME_DAY
    assert a_day / 2 < IRREGULAR, "no gap in a working day is worth an irregular session"


def test_taking_off_and_putting_back_cost_the_same_in_any_order() -> None:
    found = draft()
    price, rng = Cost(found.board, {}), Random(3)
    series = list(found.series.values())
    for _ in range(20):
        rng.shuffle(series)
        places: dict[str, tuple[int, int]] = {}
        usual = {demands[0].series: found.board.at[demands[0].key][1] for demands in series}
        off = sum(price.take_off(demands, places, usual[demands[0].series]) for demands in series)
        rng.shuffle(series)
        on = sum(price.put_on(demands, places, usual[demands[0].series]) for demands in series)
        assert (on, found.board.at) == (off, places)
