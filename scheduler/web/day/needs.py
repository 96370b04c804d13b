"""What needs a person, of all cohorts: one list, each line with whom it is about, their phone, and
the page of its deed; and how many lines there are, for the top of every page.
"""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import planning, tasks
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import Deed, people_by_id, practice
from scheduler.people.models import Person
from scheduler.tasks.models import Task
from scheduler.web.auth.access import STAFF, allow, may_now, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.accounts.list_reach import refuse_foreign_task, tasks_for, waiting_for
from scheduler.web.desk.truth.broken_shown import plans_shown
from scheduler.web.parts.page import Page
from scheduler.web.parts.task_links import link_of
from scheduler.web.parts.time_words import moment_words, zone_words

bp = Blueprint("needs", __name__, url_prefix="/desk")
MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: about whom, of which patient, in which words, and where its deed is."""

    id: str
    about: Person | None
    patient: Person | None
    words: str
    link: dict[str, str] | None
    since: str
    whose: str
    is_mine: bool


@bp.get("/needs")
@bp.get("/tasks")
@allow(*STAFF)
def page() -> Page:
    """Show what is to be done: plans that no longer hold as they are now, then the rest, the oldest
    first.
    """
    return render_template(
        "day/needs.html",
        lines=lines_shown(limit=MOST),
        plans=plans_shown(now=now()) if may_now(Deed.PLAN) else [],
        zone=zone_words(practice().zone),
        most=MOST,
    )


@bp.post("/needs")
@allow(*STAFF)
def finish() -> Page:
    """Mark one line as done."""
    task_id = request.form.get("task", "")
    refuse_foreign_task(me(), task_id)
    tasks.finish_task(task_id, by=me().key, now=now())
    db.session.commit()
    flash(catalog(reader_language()).gettext("Done. It is off the list for everybody."))
    return redirect(url_for("needs.page"), 303)


def lines_shown(*, limit: int) -> list[Line]:
    """Return the oldest lines but those of plans, which are judged anew when they are shown."""
    rows = tasks_for(me(), tasks.open_tasks(but=planning.KIND, limit=MOST))[:limit]
    if not rows:
        return []
    named = {task.about_id for task in rows} | {task.for_id for task in rows}
    people = people_by_id({person_id for person_id in named if person_id is not None})
    relatives = [person.relative for person in people.values() if person.relative is not None]
    patients = people_by_id({relative.patient_id for relative in relatives})
    zone = practice().zone
    lines = []
    for task in rows:
        lines.append(_line(task, people | patients, zone))
    return lines


def _line(task: Task, people: dict[str, Person], zone: str) -> Line:
    about = people.get(task.about_id or "")
    patient = about
    if about is not None and about.relative is not None:
        patient = people[about.relative.patient_id]
    is_patient = patient is not None and patient.patient is not None
    _ = catalog(reader_language())
    return Line(
        id=task.id,
        about=about,
        patient=patient if is_patient else None,
        words=task.words,
        link=link_of(task.leads_to, reader_language()),
        since=moment_words(task.made_at, zone),
        whose=people[task.for_id].name if task.for_id else _("the desk"),
        is_mine=task.for_id == me().id,
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things wait for the reader, the same number on every page: `broken` of them are
    rules that a published plan breaks, `more` are not among the lines shown.
    """

    total: int
    broken: int
    more: int


def waiting() -> int:
    """Return how many things wait for the reader."""
    return what_waits(0).total


def what_waits(shown: int) -> Waiting:
    """Count what waits for the reader, `shown` lines of which stand on the page."""
    total, broken = waiting_for(me(), of_plans=planning.KIND)
    may_mend = may_now(Deed.PLAN)
    lines = total - broken
    return Waiting(
        total if may_mend else lines,
        broken if may_mend else 0,
        lines - shown,
    )
