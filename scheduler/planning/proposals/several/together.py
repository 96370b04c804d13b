"""Several cohorts planned as one problem over the clinicians, rooms and relatives they share; each
keeps a proposal of its own.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.planning.planner import commitments, make_plans
from scheduler.planning.problem.plan import Plan
from scheduler.planning.problem.problem import Commitment, Problem
from scheduler.planning.proposals.load_problem import load_problem
from scheduler.planning.proposals.propose import Task
from scheduler.planning.proposals.queries import cohort_by_key, ids_standing
from scheduler.programs.models import Cohort


def cohorts_starting(day: date) -> tuple[str, ...]:
    """Return the keys of the cohorts that start on `day`. Raises NotFound when none does."""
    wanted = select(Cohort.key).where(Cohort.starts == day).order_by(Cohort.key)
    found = tuple(db.session.scalars(wanted))
    if not found:
        raise NotFound(f"no cohort starts on {day.isoformat()}")
    return found


def begin_together(keys: Iterable[str], *, now: datetime) -> tuple[Task, ...]:
    """Read what is to be planned of several cohorts; only reads. Raises NotFound."""
    together = tuple(dict.fromkeys(keys))
    tasks = []
    for key in together:
        seen = ids_standing(cohort_by_key(key))
        problem = load_problem(
            key,
            now=now,
            together=together,
        )
        tasks.append(Task(problem, seen))
    return tuple(tasks)


def plan_together(
    tasks: Iterable[Task],
    *,
    seconds: float,
    seed: int,
    progress: Callable[[str], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, Plan]:
    """Plan cohorts within about `seconds` each; those of which nothing stands are one search, the
    others come after them, one by one. Return the plans by cohort.
    """
    plans: dict[str, Plan] = {}
    left = {task.problem.cohort: task.problem for task in tasks}
    for problem in _new_ones_first(left.values()):
        if problem.cohort in plans:
            continue
        whole = _beside(problem, plans, left)
        count = 1 + sum(other.cohort in left for other in whole.alongside)
        found = make_plans(
            whole,
            left.keys(),
            seconds=seconds * count,
            seed=seed,
            progress=progress,
            stopped=stopped,
        )
        for cohort, plan in found.items():
            # What gave way to another of the same search is planned anew, beside the others.
            if cohort == problem.cohort or not plan.broken:
                plans[cohort] = plan
                del left[cohort]
    return plans


def _new_ones_first(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: bool(problem.published))


def _beside(problem: Problem, plans: dict[str, Plan], left: dict[str, Problem]) -> Problem:
    """Return a problem beside what is planned already, with all that keeps busy those planned with
    it.
    """
    alongside = []
    busy: dict[Commitment, None] = dict.fromkeys(problem.busy)
    for other in problem.alongside:
        if other.cohort in plans:
            continue
        alongside.append(other)
        if other.cohort in left:
            busy |= dict.fromkeys(left[other.cohort].busy)
    for plan in plans.values():
        busy |= dict.fromkeys(commitments(plan.sessions))
    return replace(
        problem,
        busy=tuple(busy),
        alongside=tuple(alongside),
    )
