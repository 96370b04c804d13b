"""Asking for a plan without waiting for it: noted, made beside, asked about."""

from datetime import datetime, timedelta

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.planning.problem.plan import Plan
from scheduler.planning.proposals.models import JobState, PlanJob, Proposal
from scheduler.planning.proposals.queries import alone_with, cohort_by_key

LOST_AFTER = timedelta(minutes=10)
"""How long after its time a plan that has not ended is given up: its process is gone."""
LOST = "it was interrupted; ask again"


def ask_for_plan(
    cohort_key: str,
    *,
    seconds: float,
    seed: int,
    by: str,
    now: datetime,
    for_worker: bool = False,
) -> PlanJob:
    """Note that a plan of a cohort is wanted: of whoever notes it, or of a worker. Raises NotFound,
    Conflict while one is being made.
    """
    cohort = cohort_by_key(cohort_key)
    alone_with(cohort)
    open_jobs = select(PlanJob).where(
        PlanJob.cohort_id == cohort.id,
        PlanJob.state == JobState.RUNNING,
    )
    for earlier in db.session.scalars(open_jobs):
        if not is_lost(earlier, now=now):
            raise Conflict(f"{cohort_key} is being planned already")
        fail_plan_job(earlier, LOST, now=now)
    job = PlanJob(
        cohort_id=cohort.id,
        milliseconds=round(seconds * 1000),
        seed=seed,
        asked_at=now,
        asked_by=by,
        for_worker=for_worker,
    )
    db.session.add(job)
    db.session.flush()
    audit.append(
        "planning.asked",
        f"cohort {cohort_key}",
        {"job": job.id},
        by=by,
        now=now,
    )
    return job


def is_lost(job: PlanJob, *, now: datetime) -> bool:
    """True if whoever made the plan must be gone."""
    bound = timedelta(milliseconds=job.milliseconds) + LOST_AFTER
    return job.state is JobState.RUNNING and now > job.asked_at + bound


def end_plan_job(job: PlanJob, plan: Plan, proposal: Proposal | None, *, now: datetime) -> None:
    """Note what a plan came to."""
    job.state = JobState.DONE
    job.placed = len(plan.placed)
    job.unplaced = len(plan.unplaced)
    job.proposal_id = proposal.id if proposal else None
    job.ended_at = now
    db.session.flush()


def fail_plan_job(job: PlanJob, why: str, *, now: datetime) -> None:
    """Note that there is no plan, and why."""
    job.state = JobState.FAILED
    job.why = why
    job.ended_at = now
    db.session.flush()
