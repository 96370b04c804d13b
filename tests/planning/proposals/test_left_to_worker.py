"""A plan left to a worker: taken by one alone, taken back while none began, told while new."""

from datetime import timedelta

from flask import Flask

from scheduler.kernel.database import db
from scheduler.planning import (
    ask_for_plan,
    plan_job_shown,
    take_plan_job,
    withdraw_plan_job,
)
from scheduler.planning.proposals.models import JobState, PlanJob
from tests.planning.rows import NOW, clinic

LATER = NOW + timedelta(minutes=1)


def ask(*, for_worker: bool = True) -> PlanJob:
    """Ask for a plan of the evening cohort."""
    clinic()
    job = ask_for_plan("evening", seconds=1, seed=0, by="desk", now=NOW, for_worker=for_worker)
    db.session.commit()
    return job


def test_plan_is_taken_by_one_worker_alone(app: Flask) -> None:
    job = ask()

    assert [take_plan_job(now=LATER) for _ in range(2)] == [job.id, None]


def test_plan_that_whoever_asked_makes_is_left_to_them(app: Flask) -> None:
    ask(for_worker=False)

    assert take_plan_job(now=LATER) is None


def test_plan_that_nobody_came_for_in_time_is_not_begun(app: Flask) -> None:
    ask()

    assert take_plan_job(now=NOW + timedelta(minutes=11)) is None


def test_plan_that_no_worker_began_is_taken_back_and_one_begun_is_not(app: Flask) -> None:
    job = ask()

    assert withdraw_plan_job(job.id, now=LATER)
    assert (job.state, job.why) == (JobState.FAILED, "no worker took it")
    db.session.commit()
    begun = ask_for_plan("evening", seconds=1, seed=0, by="desk", now=LATER, for_worker=True)
    take_plan_job(now=LATER)
    assert not withdraw_plan_job(begun.id, now=LATER)


def test_plan_asked_for_is_told_for_ten_minutes(app: Flask) -> None:
    job = ask()

    assert plan_job_shown("evening", now=NOW + timedelta(minutes=9)) is job
    assert plan_job_shown("evening", now=NOW + timedelta(minutes=10)) is None
