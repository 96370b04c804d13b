"""Whole plans at once: fixed slots laid out, what is history put down, then appointments series
first.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from time import monotonic

from scheduler.planning.problem.due_appointments import DueAppointment
from scheduler.planning.problem.fixed_slots import Layout, lay_out_fixed_slots
from scheduler.planning.problem.minute_sets import DAY, monday_in, week_number
from scheduler.planning.problem.plan import CANCELLED_BY_HAND, DroppedSlot, PlannedSession, moved_to
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.wall_time import instant
from scheduler.planning.search.construct import (
    by_series,
    keep_published,
    place_assessments,
    place_series,
    usual_of,
)
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Place, Timetable, demands_of

Progress = Callable[[str], None]
ROUNDS = 12
"""How many whole plans are tried at most before the best is repaired."""
AMPLE = 1_500
"""About so many placements are tried: large houses get fewer whole plans."""


@dataclass
class Draft:
    """A board with everything placed that could be, and what it was laid on."""

    layouts: dict[str, Layout]
    """By cohort: the one to plan and those alongside."""
    board: Timetable
    demands: list[Domain]

    @cached_property
    def series(self) -> dict[str, list[Domain]]:
        """The demands by series."""
        return by_series(self.demands)

    @property
    def left_out(self) -> list[Domain]:
        """What has no place."""
        return [demand for demand in self.demands if demand.key not in self.board.at]

    @property
    def irregular(self) -> int:
        """How many placed sessions lie off their series' usual start."""
        return len(self.board.at) - regular_count(self.board, self.demands)


def best_draft(
    problem: Problem,
    due: Iterable[DueAppointment],
    seed: int,
    deadline: float,
    tell: Progress | None,
) -> Draft:
    """Try several whole plans and return the one that leaves out least and is most regular."""
    best: Draft | None = None
    due = tuple(due)
    for number in range(max(1, min(ROUNDS, AMPLE // max(len(due), 1)))):
        rng = Random(seed * 1000 + number)  # noqa: S311 (no secret)
        draft = first_draft(problem, due, rng)
        if best is None or _badness(draft) < _badness(best):
            best = draft
            if tell:
                tell(
                    f"try {number + 1}: {len(draft.board.at)} placed, {len(draft.left_out)} "
                    "left out"
                )
        if monotonic() > deadline or _badness(best) == (0, 0):
            break
    assert best is not None
    return best


def _badness(draft: Draft) -> tuple[int, int]:
    return len(draft.left_out), draft.irregular


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Leave the collector of cycles aside: a draft makes very many small values and no cycles, and
    it would look through all of them again and again (a quarter of the time at 2,000 patients).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_no_collecting()
def first_draft(problem: Problem, due: Iterable[DueAppointment], rng: Random) -> Draft:
    """Lay out and place everything once."""
    due = tuple(due)
    layouts = _layouts(problem, {})
    board = Timetable(problem, _standing(problem, layouts))
    demands = demands_of(board, due)
    place_assessments(board, demands)
    if board.gate:
        layouts, board, demands = _after_assessments(problem, due, board)
    keep_published(
        board,
        demands,
        published_places(problem),
    )
    place_series(board, demands, rng)
    return Draft(layouts, board, demands)


def _layouts(problem: Problem, not_before: dict[str, datetime]) -> dict[str, Layout]:
    """Lay out every cohort; of this one, what has begun stays as it was published, and what a
    person decided stays decided.
    """
    found = {cohort.cohort: lay_out_fixed_slots(cohort, not_before) for cohort in problem.all}
    own = found[problem.cohort]
    unmoved = _unmoved(problem, own)
    to_come = []
    dropped = list(own.dropped)
    for session in own.sessions:
        if session.key in unmoved or problem.is_past(session.start):
            continue
        if session.key in problem.called_off:
            dropped.append(_called_off(session))
        else:
            to_come.append(session)
    found[problem.cohort] = replace(
        own,
        sessions=(*unmoved.values(), *to_come),
        dropped=tuple(dropped),
    )
    return found


def _unmoved(problem: Problem, own: Layout) -> dict[str, PlannedSession]:
    """Return by key the groups that no plan moves: of history who sat there, of what a person moved
    who is to sit there now.
    """
    laid = {session.key: session for session in own.sessions}
    past = {session.key for session in problem.history}
    found = {}
    for session in problem.unmoved:
        if not session.fixed:
            continue
        planned = laid.get(session.key)
        if planned is None:
            found[session.key] = session
        elif session.key in past:
            found[session.key] = replace(session, relatives=planned.relatives)
        else:
            found[session.key] = moved_to(planned, session)
    return found


def _called_off(session: PlannedSession) -> DroppedSlot:
    return DroppedSlot(
        session.source,
        session.title,
        session.day,
        CANCELLED_BY_HAND,
    )


def _standing(problem: Problem, layouts: dict[str, Layout]) -> list[PlannedSession]:
    laid = [session for layout in layouts.values() for session in layout.sessions]
    return laid + [session for session in problem.unmoved if not session.fixed]


def _after_assessments(
    problem: Problem, due: tuple[DueAppointment, ...], board: Timetable
) -> tuple[dict[str, Layout], Timetable, list[Domain]]:
    """Lay out again, with no seat before a patient's assessment, and put the assessments where they
    were.
    """
    ends = {
        patient: _instant(problem, week, minute) for patient, (week, minute) in board.gate.items()
    }
    layouts = _layouts(problem, ends)
    again = Timetable(problem, _standing(problem, layouts))
    again.gate = dict(board.gate)
    fresh = demands_of(again, due)
    for demand in fresh:
        if demand.key in board.at:
            again.put(demand, board.at[demand.key])
    return layouts, again, fresh


def _instant(problem: Problem, week: int, minute: int) -> datetime:
    weekday, rest = divmod(minute, DAY)
    return instant(
        monday_in(week) + timedelta(days=weekday),
        rest,
        problem.zone,
    )


def published_places(problem: Problem) -> dict[str, Place]:
    """Return where this cohort's published appointments lie."""
    return {
        session.key: (week_number(session.day), session.day.weekday() * DAY + session.at)
        for session in problem.published
        if not session.fixed
    }


def regular_count(board: Timetable, demands: Iterable[Domain]) -> int:
    """Count the placed sessions that lie at their series' usual minute of the week."""
    count = 0
    for series in by_series(demands).values():
        usual = usual_of(board, series)
        count += sum(
            demand.key in board.at and board.at[demand.key][1] == usual for demand in series
        )
    return count
