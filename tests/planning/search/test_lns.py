"""A plan improved: never for the worse, the same on one core or two, whole whenever it is
stopped.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import timedelta
from math import inf
from random import Random
from re import fullmatch
from typing import Any

import pytest

from benchmarks.generated import clinic, together
from scheduler.planning.planner import make_plan
from scheduler.planning.problem.due_appointments import due_appointments
from scheduler.planning.problem.problem import Commitment, Problem
from scheduler.planning.problem.room_assignment import assign_rooms
from scheduler.planning.problem.wall_time import instant
from scheduler.planning.search.cost import Cost
from scheduler.planning.search.initial_plan import Draft, first_draft
from scheduler.planning.search.lns import Search, improve
from tests.planning.week_grid import FAM, JORDAN, NOEMIE, ONE, STARTS, ZONE, at, evening, window


class OneCore(Executor):
    """Does each task at once, where it stands."""

    def submit(self, task: Callable[..., Any], /, *words: Any, **named: Any) -> Future[Any]:  # type: ignore[override]
        done: Future[Any] = Future()
        done.set_result(task(*words, **named))
        return done


def house() -> Problem:
    """A generated house of two cohorts over two weeks."""
    return together(clinic(16, 2))


def laid(problem: Problem) -> Draft:
    due = [one for cohort in problem.all for one in due_appointments(cohort)[0]]
    return first_draft(problem, due, Random(0))


def total(draft: Draft) -> int:
    """The price of everything that lies on the board."""
    price, places = Cost(draft.board, {}), dict[str, tuple[int, int]]()
    found = sum(price.take_off(series, places, None) for series in draft.series.values())
    price.restore(draft.demands, places)
    return found


def test_an_improvement_leaves_out_less_and_costs_less() -> None:
    draft = laid(house())
    before, left_out = total(draft), len(draft.left_out)
    improve(Search(house(), draft, seed=0, work=100_000, deadline=inf))
    assert total(draft) < before
    assert len(draft.left_out) <= left_out


def test_one_core_and_two_give_the_same_places() -> None:
    found = []
    for solver in (OneCore(), None):
        draft = laid(house())
        improve(Search(house(), draft, seed=5, work=450_000, deadline=inf), solver)
        found.append(draft.board.at)
    assert found[0] == found[1]


@pytest.mark.parametrize("steps", [0, 1, 7, 40])
def test_a_stopped_search_gives_a_whole_plan_that_breaks_nothing(steps: int) -> None:
    asked = iter(range(1_000_000))
    plan = make_plan(house(), seconds=5, stopped=lambda: next(asked) >= steps)
    due = len(due_appointments(house())[0])
    assert plan.broken == ()
    assert len(plan.placed) + len(plan.unplaced) == due


def test_the_progress_says_bound_and_gap() -> None:
    said: list[str] = []
    draft = laid(house())
    improve(Search(house(), draft, seed=0, work=450_000, deadline=inf, tell=said.append))
    figures = rf"{len(draft.board.at)} of {len(draft.demands)} placed, \d+ off their usual hour"
    assert fullmatch(rf"{figures}; \d+ points, at least \d+ proven \(gap \d+%\)", said[-1])


def test_the_proven_bound_is_never_above_what_was_found() -> None:
    search = Search(house(), laid(house()), seed=0, work=450_000, deadline=inf)
    improve(search)
    assert search.proven
    assert all(bound <= price + 1e-6 for price, bound in search.proven.values())


#   room a    12:00 ████ 13:00              taken by others on Tuesday of week 1
#   room b               13:00 ████ 14:00   at every minute a room is free, none for 12:30 to 13:20
def test_a_room_that_is_free_only_in_halves_holds_nothing() -> None:
    tuesday = STARTS + timedelta(days=1)
    busy = tuple(
        Commitment(instant(tuesday, at(begin), ZONE), instant(tuesday, at(end), ZONE), (), room)
        for room, begin, end in (("a", "12:00", "13:00"), ("b", "13:00", "14:00"))
    )
    only = replace(NOEMIE, free=(window("tue", "12:30", "13:20"),), last=STARTS + timedelta(days=6))
    plan = make_plan(evening(appointments=(ONE,), patients=(only,), rooms=("a", "b"), busy=busy))
    assert (plan.placed, plan.broken) == ((), ())
    assert [(one.key, one.reasons[-1].rule) for one in plan.unplaced] == [
        ("evening.one.noemie.w1", "room-own")
    ]


def test_a_published_session_keeps_its_room_before_others_choose() -> None:
    first = make_plan(evening(appointments=(ONE, FAM), patients=(JORDAN, NOEMIE), rooms=("a", "b")))
    swapped = tuple(
        replace(one, room={"a": "b", "b": "a"}[one.room or "a"]) for one in first.sessions
    )
    problem = evening(
        appointments=(ONE, FAM), patients=(JORDAN, NOEMIE), rooms=("a", "b"), published=swapped
    )
    bare = [replace(one, room=None) for one in swapped]
    assert {one.key: one.room for one in assign_rooms(problem, bare)} == {
        one.key: one.room for one in swapped
    }
