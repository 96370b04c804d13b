"""Plans that were asked for, made one at a time beside whoever asked."""

import threading

from flask import Flask

from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError
from scheduler.kernel.logs import Log
from scheduler.planning import begin, end_plan_job, fail_plan_job, keep, make_plan
from scheduler.planning.proposals.models import PlanJob

log = Log(__name__)
_one_at_a_time = threading.Lock()
BROKE = "something broke on our side; ask again"


def start_plan(app: Flask, job_id: str) -> threading.Thread:
    """Make a plan that was asked for, in a thread of its own; its row says what it came to."""
    thread = threading.Thread(
        target=_run,
        args=(app, job_id),
        daemon=True,
        name=f"plan {job_id[:8]}",
    )
    thread.start()
    return thread


def _run(app: Flask, job_id: str) -> None:
    with _one_at_a_time, app.app_context():
        try:
            _make(job_id)
        except KinfoldError as error:
            _give_up(job_id, str(error))
        except Exception as error:  # a thread has nobody above it to tell
            log.error("plan_broke", error=error)
            _give_up(job_id, BROKE)
        finally:
            db.session.remove()


def _make(job_id: str) -> None:
    """Plan as the desk does: read, hold no lock while it is being made, keep."""
    job = db.session.get_one(PlanJob, job_id)
    seconds = job.milliseconds / 1000
    seed = job.seed
    by = job.asked_by
    task = begin(job.cohort.key, now=now())
    db.session.rollback()
    plan = make_plan(task.problem, seconds=seconds, seed=seed)
    proposal = keep(
        task,
        plan,
        seed=seed,
        by=by,
        now=now(),
    )
    job = db.session.get_one(PlanJob, job_id)
    end_plan_job(job, plan, proposal, now=now())
    db.session.commit()


def _give_up(job_id: str, why: str) -> None:
    db.session.rollback()
    job = db.session.get(PlanJob, job_id)
    if job is not None:
        fail_plan_job(job, why, now=now())
        db.session.commit()
