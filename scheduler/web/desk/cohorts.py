"""The desk: cohorts, and one cohort's weeks with the proposal beside what is published."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from scheduler import audit
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people.models import Practice
from scheduler.planning import begin, keep, make_plan
from scheduler.planning.proposals.models import Proposal, ProposalState
from scheduler.programs.models import Cohort, Enrolment
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.desk.cohort_weeks import cohort_by_key, view_of
from scheduler.web.desk.patient_outlook import repairs

bp = Blueprint("cohorts", __name__, url_prefix="/desk")
Page = str | tuple[str, int] | Response
SECONDS = 8.0
"""How long a plan may take while somebody waits for the page."""
VIEWS = ("board", "list")


@bp.get("/")
@allow(*STAFF)
def cohorts() -> Page:
    """List the cohorts; without any, say how one gets here."""
    counted = db.session.execute(
        select(Enrolment.cohort_id, func.count()).group_by(Enrolment.cohort_id)
    )
    people = {row[0]: row[1] for row in counted}
    open_ = set(
        db.session.scalars(select(Proposal.cohort_id).where(Proposal.state == ProposalState.OPEN))
    )
    done = set(
        db.session.scalars(
            select(Proposal.cohort_id).where(Proposal.state == ProposalState.PUBLISHED)
        )
    )
    rows = [
        {
            "cohort": row,
            "people": people.get(row.id, 0),
            "open": row.id in open_,
            "published": row.id in done,
        }
        for row in db.session.scalars(select(Cohort).order_by(Cohort.starts.desc(), Cohort.key))
    ]
    return render_template("desk/cohorts.html", rows=rows, house=db.session.get(Practice, 1))


@bp.get("/cohorts/<key>")
@allow(*STAFF)
def cohort(key: str) -> Page:
    """Show a week of a cohort, or with `week=all` every week, as a grid or a list."""
    return _weeks(key, printing=False)


@bp.post("/cohorts/<key>/print")
@allow(*STAFF)
def to_print(key: str) -> Page:
    """Show the same as it is printed, and write down who prints it: groups without their people's
    names.
    """
    about = {"week": request.values.get("week", "")}
    audit.append(
        "printed",
        f"cohort {cohort_by_key(key).id}",
        about,
        by=me().key,
        now=now(),
    )
    db.session.commit()
    return _weeks(key, printing=True)


def _weeks(key: str, *, printing: bool) -> str:
    moment = now()
    view = view_of(cohort_by_key(key), now=moment)
    asked = request.values.get("week", "")
    chosen = (
        int(asked) if asked.isdecimal() and 1 <= int(asked) <= len(view.weeks) else view.current
    )
    weeks = view.weeks if asked == "all" else view.weeks[chosen - 1 : chosen]
    layout = request.values.get("view") if request.values.get("view") in VIEWS else None
    mending = repairs(view, (week.number for week in weeks), now=moment)
    chosen_word = asked if asked == "all" else chosen
    return render_template(
        "desk/cohort.html",
        view=view,
        weeks=weeks,
        chosen=chosen_word,
        layout=layout,
        repairs=mending,
        printing=printing,
    )


@bp.post("/cohorts/<key>/plan")
@allow(*STAFF)
def plan(key: str) -> Page:
    """Make a proposal, holding no lock while it is being made."""
    person = me().key
    moment = now()
    cohort_by_key(key)
    task = begin(key, now=moment)
    db.session.rollback()
    made = make_plan(
        task.problem,
        seconds=SECONDS,
        seed=0,
    )
    keep(
        task,
        made,
        seed=0,
        by=person,
        now=now(),
    )
    db.session.commit()
    due = len(made.placed) + len(made.unplaced)
    flash(
        f"A plan is proposed: {len(made.placed)} of {due} appointments have a time. Nobody has "
        "been told anything yet."
    )
    return redirect(url_for("cohorts.cohort", key=key), 303)
