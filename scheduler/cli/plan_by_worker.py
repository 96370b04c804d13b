"""Planning where OR-Tools is not installed: a worker that has it is asked and waited for; without
one it is planned here, by the search alone.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

import click

from scheduler import outbox
from scheduler.cli.acting_as import actor
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.kernel.installation import has_extra, how_to_add
from scheduler.planning import (
    LOST,
    Plan,
    ask_for_plan,
    from_document,
    is_lost,
    stored_plan,
    withdraw_plan_job,
)
from scheduler.planning.proposals.models import JobState, PlanJob, Proposal

LIVELY = timedelta(seconds=60)
"""A worker whose last tick is older is not asked."""
PATIENCE = 30.0
"""Seconds until a plan that no worker began is made here."""
LOOK = 0.5
LACKS = "OR-Tools is not installed here"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A plan that a worker made, and whether it is a proposal now."""

    plan: Plan
    is_kept: bool


def say_what_lacks() -> None:
    """Say on standard error that it is planned without OR-Tools, where it is."""
    if not has_extra("planner"):
        click.echo(
            f"{LACKS} ({how_to_add('planner')}): planned by the search alone, which may leave out "
            "more",
            err=True,
        )


def plan_elsewhere(key: str, *, seconds: float, seed: int) -> Elsewhere | None:
    """Let a worker plan a cohort where it has OR-Tools and we have not; None where it is to be
    planned here. Raises NotFound, Conflict when there is no plan.
    """
    if has_extra("planner") or not outbox.worker_plans(within=LIVELY, now=now()):
        return None
    job = ask_for_plan(
        key,
        seconds=seconds,
        seed=seed,
        by=actor(),
        now=now(),
        for_worker=True,
    )
    job_id = job.id
    db.session.commit()
    click.echo(f"{LACKS}: the worker is asked, and plans", err=True)
    if _is_ended(job_id):
        return _answer(job_id, key)
    return None


def _is_ended(job_id: str) -> bool:
    """Wait until a worker has planned; False when none began. Raises Conflict for one that is
    gone.
    """
    until = time.monotonic() + PATIENCE
    while True:
        job = db.session.get_one(PlanJob, job_id, populate_existing=True)
        if job.state is not JobState.RUNNING:
            return True
        if is_lost(job, now=now()):
            raise Conflict(LOST)
        is_late = job.taken_at is None and time.monotonic() > until
        if is_late and withdraw_plan_job(job_id, now=now()):
            db.session.commit()
            return False
        db.session.rollback()
        time.sleep(LOOK)


def _answer(job_id: str, key: str) -> Elsewhere:
    job = db.session.get_one(PlanJob, job_id)
    if job.state is JobState.FAILED:
        raise Conflict(job.why or LOST)
    if job.proposal_id is None:
        plan = stored_plan(key)
    else:
        plan = from_document(db.session.get_one(Proposal, job.proposal_id).plan)
    if plan is None:
        raise Conflict(LOST)
    return Elsewhere(plan, job.proposal_id is not None)
