"""Plans of generated clinics, side by side: ours, plain earliest-fit, one CP-SAT model of
everything, and FET.

    .venv/bin/python -m benchmarks.planning [--sizes 24x6 120x12 480x12 2000x12] [--seconds 60]
    [--methods …]

Ours uses both cores. The proven gap is the share of the teams' price, idle time apart, that no plan
of a team by itself could save. Cost: 100 a session left out, 3 a week off the series' usual day and
time, 2 a second appointment a day, 1 per 30 idle minutes of a clinician between two sessions of a
day. Each method runs in a process of its own.
"""

import argparse
import multiprocessing
import resource
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from math import inf
from random import Random

from benchmarks import fet
from benchmarks.generated import clinic, together
from scheduler.planning.problem.due_appointments import DueAppointment, due_appointments
from scheduler.planning.problem.fixed_slots import lay_out_fixed_slots
from scheduler.planning.problem.minute_sets import DAY, each
from scheduler.planning.problem.problem import Problem
from scheduler.planning.search.cost import Cost
from scheduler.planning.search.cp_sat import Piece
from scheduler.planning.search.initial_plan import Draft, first_draft, regular_count
from scheduler.planning.search.lns import Search, improve
from scheduler.planning.search.timetable import Timetable, demands_of

Method = Callable[[Problem, list[DueAppointment], float], tuple[Draft, float, str]]
"""Gives a plan, the seconds until there was a first whole one, and what gap is proven."""


def ours(problem: Problem, due: list[DueAppointment], seconds: float) -> tuple[Draft, float, str]:
    """Series first, then mended and improved piece by piece until the time is up."""
    began = time.monotonic()
    draft = first_draft(problem, due, Random(0))
    first = time.monotonic() - began
    # The whole time is used here: a benchmark asks for the best, not for the same bytes each time.
    search = Search(problem, draft, seed=0, work=inf, deadline=began + seconds)
    improve(search)
    price, bound = (sum(part) for part in zip((0, 0), *search.proven.values(), strict=True))
    gap = (price - bound) / price if price else 0
    said = (
        f"{gap:.0%} ({len(search.proven)} of {len(search.teams)} teams)"
        if search.proven
        else "none yet"
    )
    return draft, first, said


def earliest_fit(
    problem: Problem, due: list[DueAppointment], seconds: float
) -> tuple[Draft, float, str]:
    """Each session at the first start that is open, in order of weeks."""
    began = time.monotonic()
    draft = _empty(problem, due)
    for demand in sorted(draft.demands, key=lambda one: (one.obligation.weeks, one.key)):
        for week in sorted(demand.starts):
            starts = draft.board.open_starts(demand, week)
            if starts:
                draft.board.put(demand, (week, next(each(starts))))
                break
    return draft, time.monotonic() - began, "–"


def one_model(
    problem: Problem, due: list[DueAppointment], seconds: float
) -> tuple[Draft, float, str]:
    """Everything as one CP-SAT model of slot booleans."""
    began = time.monotonic()
    draft = _empty(problem, due)
    piece = Piece(Cost(draft.board, {}), draft.demands, {}, whole=True)
    piece.prepare()
    piece.keep(piece.search(seed=0, effort=inf, seconds=seconds))
    return draft, time.monotonic() - began, "–"


def by_fet(problem: Problem, due: list[DueAppointment], seconds: float) -> tuple[Draft, float, str]:
    """The same sessions and open starts, placed by FET."""
    began = time.monotonic()
    draft = _empty(problem, due)
    fet.solve(draft, seconds)
    return draft, time.monotonic() - began, "–"


def _empty(problem: Problem, due: list[DueAppointment]) -> Draft:
    layouts = {one.cohort: lay_out_fixed_slots(one) for one in problem.all}
    board = Timetable(
        problem, [session for layout in layouts.values() for session in layout.sessions]
    )
    return Draft(layouts, board, demands_of(board, due))


def cost(draft: Draft) -> int:
    """Count what a plan costs."""
    board = draft.board
    total = 100 * len(draft.left_out) + 3 * (len(board.at) - regular_count(board, draft.demands))
    appointments: dict[tuple[str, int, int], int] = defaultdict(int)
    days: dict[tuple[str, int, int], list[tuple[int, int]]] = defaultdict(list)
    for one in draft.demands:
        if one.key in board.at:
            week, start = board.at[one.key]
            appointments[one.patient, week, start // DAY] += 1
            days[one.clinician, week, start // DAY].append((start, start + one.minutes))
    for layout in draft.layouts.values():
        for session in layout.sessions:
            week = (session.day.toordinal() - 1) // 7
            begin = session.day.weekday() * DAY + session.at
            for leader in session.clinicians:
                days[leader, week, session.day.weekday()].append((begin, begin + session.minutes))
    total += 2 * sum(number - 1 for number in appointments.values())
    for spans in days.values():
        spans.sort()
        idle = sum(after[0] - before[1] for before, after in pairwise(spans))
        total += max(idle, 0) // 30
    return total


METHODS: dict[str, Method] = {
    "earliest-fit": earliest_fit,
    "one CP-SAT model": one_model,
    "FET": by_fet,
    "Kinfold": ours,
}


def measure(size: str, name: str, seconds: float) -> str:
    """Run one method on one size and give a line of the table."""
    patients, weeks = (int(part) for part in size.split("x"))
    problem = together(clinic(patients, weeks))
    due = [one for cohort in problem.all for one in due_appointments(cohort)[0]]
    began = time.monotonic()
    draft, first, gap = METHODS[name](problem, due, seconds)
    took = time.monotonic() - began
    placed = len(draft.board.at)
    regular = regular_count(draft.board, draft.demands) / placed if placed else 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shares = f"{len(due)} | {placed / len(due):.2%} | {regular:.1%} | {cost(draft)}"
    return f"| {size} | {name} | {shares} | {gap} | {first:.2f} | {took:.1f} | {memory:.0f} |"


def main() -> None:
    """Print a table of all sizes and methods."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", nargs="+", default=["24x6", "120x12", "480x12", "2000x12"])
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=list(METHODS))
    parser.add_argument("--seconds", type=float, default=60)
    said = parser.parse_args()
    print(
        "| patients x weeks | method | due | placed | regular | cost | proven gap | first plan, "
        "s | all, s | MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for size in said.sizes:
        for name in said.methods:
            if name == "FET" and not fet.is_installed():
                print(f"| {size} | FET | is not installed (Debian: apt-get install fet) |")
                continue
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print(pool.apply(measure, (size, name, said.seconds)), flush=True)


if __name__ == "__main__":
    main()
