"""Plans that a node without a solver leaves to a worker: taken by one alone, made, asked about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update

from scheduler.kernel.database import db
from scheduler.planning.problem.plan import Plan
from scheduler.planning.proposals.jobs.plan_jobs import end_plan_job, fail_plan_job, is_lost
from scheduler.planning.proposals.models import JobState, PlanJob
from scheduler.planning.proposals.propose import Task, begin, keep
from scheduler.planning.proposals.queries import cohort_by_key

SHOWN = timedelta(minutes=10)
"""How long the page of a cohort says what came of a plan that a worker was asked for."""
NOBODY_CAME = "no worker took it"


@dataclass(frozen=True, slots=True)
class Asked:
    """A plan to make: what, in how many seconds, by which seed, and who asked."""

    job_id: str
    task: Task
    seconds: float
    seed: int
    by: str


def take_plan_job(*, now: datetime) -> str | None:
    """Take the plan that has waited longest and return its id; None when none waits. Of several
    workers one alone gets it.
    """
    waiting = (
        PlanJob.for_worker,
        PlanJob.state == JobState.RUNNING,
        PlanJob.taken_at.is_(None),
    )
    order = (PlanJob.asked_at, PlanJob.id)
    for job in db.session.scalars(select(PlanJob).where(*waiting).order_by(*order)):
        if is_lost(job, now=now):
            continue
        mine = update(PlanJob).where(PlanJob.id == job.id, *waiting).values(taken_at=now)
        done: CursorResult[Any] = db.session.execute(mine)  # type: ignore[assignment]
        if done.rowcount:
            return job.id
    return None


def begin_plan_job(job_id: str, *, now: datetime) -> Asked:
    """Read what is to be planned. Raises NotFound."""
    job = db.session.get_one(PlanJob, job_id)
    task = begin(job.cohort.key, now=now)
    return Asked(job.id, task, job.milliseconds / 1000, job.seed, job.asked_by)


def keep_plan_job(asked: Asked, plan: Plan, *, now: datetime) -> None:
    """Keep a plan that was asked for as the cohort's proposal. Raises Conflict."""
    proposal = keep(asked.task, plan, seed=asked.seed, by=asked.by, now=now)
    job = db.session.get_one(PlanJob, asked.job_id)
    end_plan_job(job, plan, proposal, now=now)


def withdraw_plan_job(job_id: str, *, now: datetime) -> bool:
    """Take back a plan that no worker has begun; False when one has."""
    job = db.session.get_one(PlanJob, job_id, populate_existing=True)
    if job.taken_at is not None or job.state is not JobState.RUNNING:
        return False
    free = (PlanJob.id == job_id, PlanJob.taken_at.is_(None))
    closed = update(PlanJob).where(*free).values(taken_at=now)
    done: CursorResult[Any] = db.session.execute(closed)  # type: ignore[assignment]
    if not done.rowcount:
        return False
    fail_plan_job(job, NOBODY_CAME, now=now)
    return True


def plan_job_shown(cohort_key: str, *, now: datetime) -> PlanJob | None:
    """Return the newest plan of a cohort that a worker was asked for, while it is news."""
    newest = (
        select(PlanJob)
        .where(
            PlanJob.cohort_id == cohort_by_key(cohort_key).id,
            PlanJob.for_worker,
            PlanJob.asked_at > now - SHOWN,
        )
        .order_by(PlanJob.asked_at.desc(), PlanJob.id.desc())
        .limit(1)
    )
    return db.session.scalar(newest)
