"""/cohorts/KEY/plan and /publish: a plan is asked for, asked about, looked at, and made true."""

from datetime import timedelta

from flask import current_app

from scheduler import feeds
from scheduler.invitations import Told, announce
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, NotFound
from scheduler.people import Deed, Scope
from scheduler.planning import (
    LOST,
    ask_for_plan,
    cohort_by_key,
    from_document,
    is_lost,
    open_proposal,
    publish,
    published_already,
    to_document,
)
from scheduler.planning.proposals.models import JobState, PlanJob
from scheduler.publications import publication_document
from scheduler.web.api.door.api_routes import About, Answered, Call, Document, route
from scheduler.web.api.door.field_schemas import (
    COUNT,
    ID,
    KEY,
    LINE,
    MOMENT,
    SESSION_KEY,
    TRUTH,
    one_of,
    or_null,
    record,
)
from scheduler.web.api.plan_runner import start_plan
from scheduler.web.desk.truth.asked_plan import leaves_to_worker
from scheduler.web.desk.truth.cooling import let_cool

SECONDS = 8.0
JOB = record(
    {
        "id": ID,
        "cohort": KEY,
        "state": one_of(JobState),
        "asked_at": MOMENT,
        "asked_by": LINE,
        "ended_at": or_null(MOMENT),
        "placed": or_null(COUNT),
        "unplaced": or_null(COUNT),
        "proposal": or_null(ID),
        "why": or_null(LINE),
    }
)
WISH = record(
    {
        "seconds": {"type": "number", "minimum": 0.1, "maximum": 60},
        "seed": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
    },
    needed=(),
)
SESSION_KEYS = {"type": "array", "items": SESSION_KEY}
LETTER = record({"kind": LINE, "person": KEY, "patient": KEY, "series": LINE, "why": LINE})
UNTOLD = record({"person": KEY, "patient": KEY, "kind": LINE, "why": LINE, "sessions": COUNT})
PUBLICATION = record(
    {
        "cohort": KEY,
        "dry_run": TRUTH,
        "new": SESSION_KEYS,
        "moved": SESSION_KEYS,
        "changed": SESSION_KEYS,
        "cancelled": SESSION_KEYS,
        "kept": COUNT,
        "letters": {"type": "array", "items": LETTER},
        "not_told": {"type": "array", "items": UNTOLD},
    }
)
PROPOSAL = record({"id": ID, "made_at": MOMENT, "made_by": LINE, "plan": {"type": "object"}})


@route(
    "POST",
    "/cohorts/<key>/plan",
    deed=Deed.PLAN,
    scope=Scope.PLAN,
    about=About.COHORT,
    takes=WISH,
    gives=JOB,
    status=202,
)
def plan_cohort(call: Call) -> Answered:
    """Ask for a plan of a cohort; the job says when it is made."""
    seconds = float(call.body.get("seconds", SECONDS))
    seed = call.body.get("seed", 0)
    job = ask_for_plan(
        call.key,
        seconds=seconds,
        seed=seed,
        by=call.by,
        now=call.now,
        for_worker=leaves_to_worker(now=call.now),
    )
    said = job_document(job, call)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    job_id = job.id
    is_ours = not job.for_worker

    def begun() -> Document:
        if is_ours:
            start_plan(app, job_id)
        return said

    location = {"Location": f"/api/v1/jobs/{job_id}"}
    return Answered(said, headers=location, afterwards=begun)


@route(
    "GET",
    "/jobs/<key>",
    deed=Deed.PLAN,
    scope=Scope.PLAN,
    gives=JOB,
)
def plan_job(call: Call) -> Answered:
    """Return how far a plan has come."""
    job = db.session.get(PlanJob, call.key)
    if job is None:
        raise NotFound("there is no such job")
    return Answered(job_document(job, call))


@route(
    "GET",
    "/cohorts/<key>/proposal",
    deed=Deed.SEE_BOARD,
    scope=Scope.PLAN,
    about=About.COHORT,
    gives=PROPOSAL,
)
def cohort_proposal(call: Call) -> Answered:
    """Return the proposal of a cohort that waits to be published."""
    proposal = open_proposal(cohort_by_key(call.key))
    if proposal is None:
        raise NotFound("no proposal waits")
    document = {
        "id": proposal.id,
        "made_at": proposal.made_at.isoformat(),
        "made_by": proposal.made_by,
        "plan": to_document(from_document(proposal.plan)),
    }
    return Answered(document)


@route(
    "POST",
    "/cohorts/<key>/publish",
    deed=Deed.PLAN,
    scope=Scope.PUBLISH,
    about=About.COHORT,
    takes=record({"proposal": ID}, needed=()),
    asks={"dry_run": TRUTH},
    gives=PUBLICATION,
)
def publish_cohort(call: Call) -> Answered:
    """Make the proposal of a cohort true, or with dry_run=true say what would follow."""
    is_dry = bool(call.args.get("dry_run"))
    _refuse_other_proposal(call)
    published = published_already(call.key, now=call.now)
    if published is None:
        cooling = timedelta() if is_dry else current_app.config["KINFOLD"].publish_cooling
        published = publish(
            call.key,
            by=call.by,
            now=call.now,
            cooling=cooling,
        )
    told: list[Told] = announce(by=call.by, now=call.now)
    document = publication_document(published, told, is_dry, call.now)
    if is_dry:
        db.session.rollback()
        return Answered(document)
    let_cool(told, now=call.now)
    feeds.refresh_changed(now=call.now)
    return Answered(document)


def _refuse_other_proposal(call: Call) -> None:
    """Raise Conflict where the proposal that waits is not the one that was seen."""
    seen = call.body.get("proposal")
    if seen is None:
        return
    proposal = open_proposal(cohort_by_key(call.key))
    if proposal is None or proposal.id != seen:
        raise Conflict("the plan is no longer the one that was seen; nothing was changed")


def job_document(job: PlanJob, call: Call) -> Document:
    """Return what the API says of a job."""
    lost = is_lost(job, now=call.now)
    state = JobState.FAILED if lost else job.state
    return {
        "id": job.id,
        "cohort": job.cohort.key,
        "state": state.value,
        "asked_at": job.asked_at.isoformat(),
        "asked_by": job.asked_by,
        "ended_at": job.ended_at.isoformat() if job.ended_at else None,
        "placed": job.placed,
        "unplaced": job.unplaced,
        "proposal": job.proposal_id,
        "why": LOST if lost else job.why,
    }
