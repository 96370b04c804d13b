"""What comes due in stays: a line before it is overdue, where no session is planned for it in time.

Whoever marks the line as done says that it was done that day; the next is due from then on.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler import tasks
from scheduler.i18n import N_, dated_day
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.programs import (
    Course,
    Due,
    Kind,
    Milestone,
    last_day,
    milestones_due,
)
from scheduler.programs.models import Cohort, Enrolment
from scheduler.sessions.models import Session, SessionPatient, Status
from scheduler.tasks import Matter

KIND = "milestone"
LONGEST_RUN = timedelta(days=3 * 366)
"""No cohort runs longer."""
STAFF = "en"
WORDS = {
    Milestone.PLAN_REVIEW: N_(
        "The treatment plan of {name} is to be reviewed by {day}, and no review is planned before."
    ),
    Milestone.RECERTIFICATION: N_("{name} is to be certified again by {day}."),
    Milestone.DISCHARGE_PLANNING: N_(
        "{name}’s discharge is to be planned from {day} on, and no session is planned for it."
    ),
    Milestone.CANS: N_("Strengths and needs of {name} (CANS) are to be assessed again by {day}."),
    Milestone.AFTERCARE: N_(
        "{name}’s aftercare is to begin by {day}, and no session is planned for it in time."
    ),
}
OF_KINDS = (Kind.TREATMENT_PLAN_REVIEW, Kind.DISCHARGE_PLANNING, Kind.AFTERCARE)
Days = dict[tuple[str, Kind], list[date]]


def due_milestones(today: date, *, by: str, zone: str) -> list[Matter]:
    """Return a matter for each milestone of a stay that presses; `by` is who takes lines off the
    list by itself.
    """
    enrolments = _running(today)
    patients = _patients(enrolments)
    matters = []
    for patient_id, dues in _dues(
        enrolments,
        today,
        by=by,
        zone=zone,
    ).items():
        patient = patients[patient_id]
        for due in dues:
            if due.is_pressing(today):
                matters.append(_matter(patient, due))
    return matters


def milestones_of(patient: Person, today: date, *, by: str, zone: str) -> list[Due]:
    """Return what comes due next in a patient's current stay."""
    wanted = select(Enrolment).where(
        Enrolment.patient_id == patient.id,
        Enrolment.waits.is_(None),
    )
    found = _dues(
        db.session.scalars(wanted).all(),
        today,
        by=by,
        zone=zone,
    )
    return found.get(
        patient.id,
        [],
    )


def _running(today: date) -> list[Enrolment]:
    """Return the seats in cohorts that run and whose programs name milestones."""
    near = Cohort.starts.between(
        today - LONGEST_RUN,
        today,
    )
    named = []
    for cohort in db.session.scalars(select(Cohort).where(near)).unique():
        template = cohort.program.template
        rule = template.rules.milestones
        ends = last_day(
            cohort.starts,
            template.weeks,
        )
        if rule is not None and today <= ends + timedelta(days=rule.aftercare_days or 0):
            named.append(cohort.id)
    if not named:
        return []
    seats = Enrolment.cohort_id.in_(named), Enrolment.waits.is_(None), Enrolment.first <= today
    return list(db.session.scalars(select(Enrolment).where(*seats)).unique())


def _patients(enrolments: Iterable[Enrolment]) -> dict[str, Person]:
    ids = [row.patient_id for row in enrolments]
    people = db.session.scalars(select(Person).where(Person.id.in_(ids)))
    return {person.id: person for person in people.unique()}


def _dues(
    enrolments: Collection[Enrolment], today: date, *, by: str, zone: str
) -> dict[str, list[Due]]:
    """Return by patient (id) what comes due next."""
    ids = [row.patient_id for row in enrolments]
    if not ids:
        return {}
    planned = _planned(ids)
    done = _done(
        ids,
        by=by,
        zone=zone,
    )
    found = {}
    for row in enrolments:
        template = row.cohort.program.template
        course = Course(
            first=row.first,
            last=row.last
            or last_day(
                row.cohort.starts,
                template.weeks,
            ),
            reviews=planned[row.patient_id, Kind.TREATMENT_PLAN_REVIEW],
            discharges=planned[row.patient_id, Kind.DISCHARGE_PLANNING],
            aftercare=planned[row.patient_id, Kind.AFTERCARE],
            done=done[row.patient_id],
        )
        found[row.patient_id] = milestones_due(
            template.rules.milestones,
            course,
            today=today,
        )
    return found


def _planned(ids: Collection[str]) -> Days:
    """Return by patient (id) and kind the days of sessions that stand."""
    wanted = (
        select(
            SessionPatient.person_id,
            Session.kind,
            Session.starts_local,
        )
        .join(Session, Session.id == SessionPatient.session_id)
        .where(
            SessionPatient.person_id.in_(ids),
            Session.kind.in_(OF_KINDS),
            Session.status != Status.CANCELLED,
        )
    )
    found: Days = defaultdict(list)
    for person_id, kind, starts_local in db.session.execute(wanted):
        found[person_id, kind].append(datetime.fromisoformat(starts_local).date())
    return found


def _done(ids: Collection[str], *, by: str, zone: str) -> dict[str, list[tuple[Milestone, date]]]:
    """Return by patient (id) what people said was done, and on which day of the practice."""
    found: dict[str, list[tuple[Milestone, date]]] = defaultdict(list)
    for task in tasks.finished_tasks(
        KIND,
        about=ids,
        but_by=by,
    ):
        if task.about_id is not None and task.done_at is not None:
            what = Milestone(task.key.split(":")[1])
            day = task.done_at.astimezone(ZoneInfo(zone)).date()
            found[task.about_id].append((what, day))
    return found


def _matter(patient: Person, due: Due) -> Matter:
    words = WORDS[due.what].format(
        name=patient.name,
        day=dated_day(
            due.day,
            STAFF,
        ),
    )
    key = f"{KIND}:{due.what.value}:{patient.id}:{due.day}"
    return Matter(
        key,
        words,
        patient.id,
        leads_to=f"patient:{patient.key}",
    )
