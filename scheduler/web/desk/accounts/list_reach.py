"""What of a list is for who reads it: cohorts and tasks within their reach."""

from collections.abc import Iterable
from datetime import date

from flask import abort

from scheduler.kernel.clock import now
from scheduler.people import FOR_AUDITOR, Deed, Reach, farthest, people_by_id, practice, stands_for
from scheduler.people.models import Person
from scheduler.programs.models import Cohort
from scheduler.sessions import cohorts_in_reach, own_sessions
from scheduler.sessions.models import Session
from scheduler.tasks import how_many_of_kinds, open_tasks
from scheduler.tasks.models import Task
from scheduler.web.auth.desk_deeds import may_deed, roles_here


def cohorts_for(staff: Person, rows: Iterable[Cohort]) -> list[Cohort]:
    """Return the cohorts whose boards a member of staff may see."""
    if _reach(staff, Deed.SEE_BOARD) is Reach.OTHER:
        return list(rows)
    near = cohorts_in_reach(staff, day=_today())
    return [cohort for cohort in rows if cohort.id in near]


def cohorts_of_sessions_for(staff: Person) -> frozenset[str] | None:
    """Return the ids of the cohorts whose sessions a member of staff may see; None: of all."""
    reach = _reach(staff, Deed.SEE_SESSION)
    if reach is Reach.OTHER:
        return None
    if reach is Reach.COHORT:
        return cohorts_in_reach(staff, day=_today())
    return frozenset()


def held_by(staff: Person, rows: Iterable[Session]) -> frozenset[str]:
    """Return the ids of the sessions of which a member of staff may write down who came."""
    return _within(staff, rows, Deed.HOLD_SESSION)


def changed_by(staff: Person, rows: Iterable[Session]) -> frozenset[str]:
    """Return the ids of the sessions that a member of staff may change."""
    return _within(staff, rows, Deed.CHANGE_SESSION)


def _within(staff: Person, rows: Iterable[Session], deed: Deed) -> frozenset[str]:
    sessions = list(rows)
    reach = _reach(staff, deed)
    if reach is Reach.OTHER:
        return frozenset(session.id for session in sessions)
    if reach is Reach.NONE:
        return frozenset()
    return own_sessions(staff, sessions, day=_today())


def waiting_for(staff: Person, *, of_plans: str) -> tuple[int, int]:
    """Return how many open tasks are for a member of staff, and how many of these are of the kind
    `of_plans`.
    """
    reach = _reach(staff, Deed.SEE_TASKS)
    if reach is Reach.OTHER and not may_deed(staff, Deed.RECORD):
        counts = how_many_of_kinds(but=FOR_AUDITOR)
        return sum(counts.values()), counts.get(of_plans, 0)
    kinds = [task.kind for task in tasks_for(staff, open_tasks())]
    return len(kinds), kinds.count(of_plans)


def tasks_for(staff: Person, rows: Iterable[Task]) -> list[Task]:
    """Return the tasks a member of staff may see: the auditor's are the auditor's alone."""
    all_tasks = list(rows)
    sees_all = _reach(staff, Deed.SEE_TASKS) is Reach.OTHER
    theirs = stands_for(staff, day=_today())
    about = people_by_id({task.about_id for task in all_tasks if task.about_id})
    found = []
    for task in all_tasks:
        if task.kind == FOR_AUDITOR:
            is_theirs = may_deed(staff, Deed.RECORD)
        else:
            whose = _clinician_of(about.get(task.about_id or ""))
            is_theirs = sees_all or task.for_id in theirs or whose in theirs
        if is_theirs:
            found.append(task)
    return found


def refuse_foreign_task(staff: Person, task_id: str) -> None:
    """Refuse to finish a task that is open but not for this member of staff."""
    known = [task for task in open_tasks() if task.id == task_id]
    if known and not tasks_for(staff, known):
        abort(403)


def _reach(staff: Person, deed: Deed) -> Reach:
    return farthest(roles_here(staff), deed)


def _today() -> date:
    return practice().day_at(now())


def _clinician_of(person: Person | None) -> str | None:
    """Return the id of who treats a patient, or the patient of a relative."""
    if person is None:
        return None
    if person.relative is not None:
        person = person.relative.patient
    return person.patient.clinician_id if person.patient else None
