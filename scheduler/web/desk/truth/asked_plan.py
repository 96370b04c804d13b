"""A plan that the desk asked a worker for, where this node has no OR-Tools: asked, and what its
page says until it is there.
"""

from dataclasses import dataclass
from datetime import datetime

from scheduler.i18n import N_, catalog
from scheduler.kernel.installation import has_extra
from scheduler.outbox import worker_plans
from scheduler.planning import ask_for_plan, is_lost, plan_job_shown
from scheduler.planning.proposals.models import JobState, PlanJob
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.ops.health import within

LOOK_AGAIN = 4
"""Seconds after which the page looks again."""
PLANS = N_("The worker is planning. This page looks again by itself until the plan is there.")
NOTHING_NEW = N_("Planning again would change nothing that is published: there is no new proposal.")
NO_PLAN = N_(
    "The worker made no plan. Plan again; if that does not help, tell whoever runs this system."
)
WITHOUT = N_(
    "It was planned without OR-Tools, which is not installed here: "
    "it may leave out more than needed."
)


@dataclass(frozen=True, slots=True)
class AskedPlan:
    """What the page says of a plan that a worker was asked for."""

    words: str
    waits: bool
    is_wrong: bool = False


def leaves_to_worker(*, now: datetime) -> bool:
    """True if a worker has OR-Tools and we have not."""
    return not has_extra("planner") and worker_plans(within=within(), now=now)


def asks_worker(key: str, *, seconds: float, by: str, now: datetime) -> bool:
    """Ask a worker for a plan, where it has OR-Tools and we have not; False where we plan."""
    if not leaves_to_worker(now=now):
        return False
    ask_for_plan(key, seconds=seconds, seed=0, by=by, now=now, for_worker=True)
    return True


def asked_plan(key: str, *, now: datetime) -> AskedPlan | None:
    """Return what a cohort's page says of a plan asked for lately; None where nothing is to say."""
    job = plan_job_shown(key, now=now)
    if job is not None:
        return _said(job, now)
    return None


def _said(job: PlanJob, now: datetime) -> AskedPlan | None:
    words = catalog(reader_language())
    if job.state is JobState.FAILED or is_lost(job, now=now):
        return AskedPlan(words.gettext(NO_PLAN), waits=False, is_wrong=True)
    if job.state is JobState.RUNNING:
        return AskedPlan(words.gettext(PLANS), waits=True)
    if job.proposal_id is None:
        return AskedPlan(words.gettext(NOTHING_NEW), waits=False)
    return None


def without_solver() -> str:
    """Return what is to say of a plan made here without OR-Tools, "" for one made with it."""
    if has_extra("planner"):
        return ""
    return catalog(reader_language()).gettext(WITHOUT)
