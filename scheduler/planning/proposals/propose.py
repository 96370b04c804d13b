"""A plan made and kept as a proposal: whole, one open a cohort, the old one there until the new one
is.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.planning.planner import make_plan
from scheduler.planning.problem.plan import Plan, from_document, to_document
from scheduler.planning.problem.problem import Problem
from scheduler.planning.proposals.decisions import made_over
from scheduler.planning.proposals.load_problem import load_problem
from scheduler.planning.proposals.models import Proposal, ProposalState
from scheduler.planning.proposals.publish import changes_of
from scheduler.planning.proposals.queries import (
    alone_with,
    cohort_by_key,
    ids_standing,
    last_published,
    open_proposal,
)
from scheduler.programs.models import Cohort


@dataclass(frozen=True, slots=True)
class Task:
    """A problem as it was read, and the proposals that were open and published then: whoever keeps
    a plan of it must find them still.
    """

    problem: Problem
    seen: tuple[str | None, str | None]


def begin(cohort_key: str, *, now: datetime) -> Task:
    """Read what is to be planned; only reads, so that the time to plan holds no lock. Raises
    NotFound.
    """
    seen = ids_standing(cohort_by_key(cohort_key))
    return Task(load_problem(cohort_key, now=now), seen)


def keep(task: Task, plan: Plan, *, seed: int, by: str, now: datetime) -> Proposal | None:
    """Make `plan` the cohort's open proposal, in place of the one there was; None, and no proposal,
    when it would change nothing that is published. Raises Conflict when somebody else proposed or
    published one in the meantime.
    """
    cohort = cohort_by_key(task.problem.cohort)
    alone_with(cohort)
    if ids_standing(cohort) != task.seen:
        raise Conflict(f"somebody else planned {cohort.key} in the meantime; nothing was changed")
    old = open_proposal(cohort)
    if old:
        old.state = ProposalState.SUPERSEDED
        db.session.flush()
    figures = {
        "placed": len(plan.placed),
        "unplaced": len(plan.unplaced),
        "seed": seed,
    }
    changes_nothing = task.problem.published and changes_of(plan, now=now).is_empty
    if changes_nothing:
        figures["proposals"] = 0
        _known_by_now(cohort, plan)
        audit.append("planning.propose", f"cohort {cohort.key}", figures, by=by, now=now)
        return None
    proposal = Proposal(
        cohort_id=cohort.id,
        state=ProposalState.OPEN,
        plan=to_document(made_over(plan, task.problem.published)),
        seed=seed,
        made_at=now,
        made_by=by,
    )
    db.session.add(proposal)
    db.session.flush()
    audit.append("planning.propose", f"cohort {cohort.key}", figures, by=by, now=now)
    return proposal


def _known_by_now(cohort: Cohort, plan: Plan) -> None:
    """Let what a plan that changes nothing makes known count as known of what is published: who
    planned was told of it, and what stands is the best there is.
    """
    published = last_published(cohort)
    if published is not None:
        known = from_document(published.plan)
        published.plan = to_document(replace(known, findings=plan.findings))


def propose(
    cohort_key: str,
    *,
    seconds: float,
    seed: int,
    by: str,
    now: datetime,
    progress: Callable[[str], None] | None = None,
) -> Proposal | None:
    """Plan a cohort within about `seconds` and keep the plan as its open proposal. Raises NotFound,
    Conflict.
    """
    task = begin(cohort_key, now=now)
    plan = make_plan(
        task.problem,
        seconds=seconds,
        seed=seed,
        progress=progress,
    )
    return keep(
        task,
        plan,
        seed=seed,
        by=by,
        now=now,
    )
