"""The desk: cohorts, and one cohort's weeks with the proposal beside what is published."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from scheduler import audit
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people.models import Practice
from scheduler.planning import (
    Plan,
    begin,
    cohort_by_key,
    cohorts_with,
    keep,
    make_plan,
    newest_proposal,
    plans_to_mend,
)
from scheduler.planning.proposals.models import ProposalState
from scheduler.programs import all_cohorts, enrolled_counts, waiting_for
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.headers import policy_with
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.accounts.list_reach import cohorts_for
from scheduler.web.desk.board.board_asked import asked_of
from scheduler.web.desk.board.board_page import answers_here, board_of
from scheduler.web.desk.cohort_weeks import view_of
from scheduler.web.desk.patient_outlook import repairs
from scheduler.web.desk.people.what_comes_next import next_steps
from scheduler.web.desk.truth.asked_plan import (
    LOOK_AGAIN,
    NOTHING_NEW,
    asked_plan,
    asks_worker,
    without_solver,
)
from scheduler.web.desk.truth.cooling import cooling_of
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import day_words
from scheduler.web.preview.form_turn import faster

bp = Blueprint("cohorts", __name__, url_prefix="/desk")
SECONDS = 8.0
"""How long a plan may take while somebody waits for the page."""


@bp.get("/cohorts")
@allow(*STAFF)
def cohorts() -> Page:
    """List the cohorts; without any, say how one gets here."""
    patients = enrolled_counts()
    waiting = cohorts_with(ProposalState.OPEN)
    published = cohorts_with(ProposalState.PUBLISHED)
    to_mend = {plan.cohort: len(plan.broken) for plan in plans_to_mend(now=now())}
    rows = [
        {
            "cohort": cohort,
            "people": patients.get(cohort.id, 0),
            "open": cohort.id in waiting,
            "published": cohort.id in published,
            "broken": to_mend.get(cohort.key, 0),
            "starts": f"{day_words(cohort.starts)} {cohort.starts.year}",
        }
        for cohort in cohorts_for(me(), all_cohorts())
    ]
    house = db.session.get(Practice, 1)
    return render_template(
        "desk/cohorts.html",
        rows=rows,
        house=house,
        steps=next_steps(patients) if house else [],
    )


@bp.get("/cohorts/<key>")
@allow(*STAFF)
def cohort(key: str) -> Page:
    """Show a week of a cohort, or with `week=all` every week, as a grid or a list."""
    page = make_response(_weeks(key, printing=False))
    page.headers["Content-Security-Policy"] = policy_with(connect_src="'self'")
    asked = asked_plan(key, now=now())
    if asked is not None and asked.waits:
        page.headers["Refresh"] = str(LOOK_AGAIN)
    return page


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
    row = cohort_by_key(key)
    asked = asked_of(request.values)
    view = view_of(row, asked, now=moment)
    board = board_of(view, asked)
    return render_template(
        "desk/cohort.html",
        view=view,
        board=board,
        weeks=board.weeks,
        answers=answers_here(view, board, now=moment),
        waiting=waiting_for(view.cohort),
        repairs=repairs(view, [week.number for week in board.weeks]),
        asked=asked_plan(key, now=moment),
        printing=printing,
        cooling=cooling_of(row, now=moment),
    )


@bp.post("/cohorts/<key>/plan")
@allow(*STAFF)
def plan(key: str) -> Page:
    """Make a proposal, holding no lock while it is being made; where there is no OR-Tools a worker
    that has it makes it.
    """
    person = me().key
    moment = now()
    cohort_by_key(key)
    if asks_worker(key, seconds=SECONDS, by=person, now=moment):
        db.session.commit()
        return redirect(url_for("cohorts.cohort", key=key), 303)
    task = begin(key, now=moment)
    db.session.rollback()
    made = make_plan(task.problem, seconds=SECONDS, seed=0)
    try:
        kept = keep(task, made, seed=0, by=person, now=now())
    except Conflict:
        db.session.rollback()
        first = newest_proposal(cohort_by_key(key))
        if first is None or first.made_at < moment:
            raise
        raise Conflict(faster(first.made_by, first.made_at, by=person)) from None
    db.session.commit()
    flash(_proposed_words(made, is_kept=kept is not None))
    return redirect(url_for("cohorts.cohort", key=key), 303)


def _proposed_words(made: Plan, *, is_kept: bool) -> str:
    """Return what the desk is told of a plan that was made here."""
    due = len(made.placed) + len(made.unplaced)
    words = catalog(reader_language())
    said = words.gettext(
        "A plan is proposed: {placed} of {due} appointments have a time. Nobody has been told "
        "anything yet."
    )
    if not is_kept:
        said = words.gettext(NOTHING_NEW)
    return f"{said.format(placed=len(made.placed), due=due)} {without_solver()}".strip()
