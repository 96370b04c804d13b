"""Giving a patient the stays they are to have, and with them what ends and what goes on: sessions,
consents, a seat or a place in line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler import audit
from scheduler.admissions.stay_days import (
    Run,
    StayDays,
    Stays,
    in_order,
    problems_of,
    with_current,
)
from scheduler.admissions.stay_make_ups import give_up_make_ups
from scheduler.admissions.stay_seats import refuse_stay, seated_stays
from scheduler.consents import is_placed, recompute_validity
from scheduler.kernel.database import db
from scheduler.kernel.errors import InvalidFile
from scheduler.people.models import Person
from scheduler.programs import all_cohorts, last_day
from scheduler.programs.models import Cohort, Enrolment, FurtherStay
from scheduler.provenance import Source, note_word
from scheduler.sessions import cancel, note_left
from scheduler.sessions.models import Session, SessionPatient, Status


@dataclass(frozen=True, slots=True)
class StayOutcome:
    """What came of it: the sessions cancelled, those of many the patient no longer sits in and
    those they sit in again, how many consents end on another day now, and the stays as they are.
    """

    cancelled: tuple[Session, ...]
    left: tuple[Session, ...]
    again: tuple[Session, ...]
    consents: int
    stays: Stays

    @property
    def touches(self) -> int:
        """Return of how many things somebody may have been told."""
        return len(self.cancelled) + len(self.left) + len(self.again) + self.consents


def stays_now(patient: Person) -> Stays:
    """Return every stay of a patient by day."""
    current = select(Enrolment).where(Enrolment.patient_id == patient.id)
    others = select(FurtherStay).where(FurtherStay.patient_id == patient.id)
    rows: list[Enrolment | FurtherStay] = [*db.session.scalars(current)]
    rows += db.session.scalars(others)
    return in_order([_days_of(row) for row in rows])


def _days_of(row: Enrolment | FurtherStay) -> StayDays:
    return StayDays(
        row.id,
        row.cohort.key,
        row.first,
        row.last,
        row.waits,
        is_current=isinstance(row, Enrolment),
    )


def cohort_runs() -> dict[str, Run]:
    """Return the days of every cohort, by key."""
    found = {}
    for cohort in all_cohorts():
        ends = last_day(cohort.starts, cohort.program.template.weeks)
        found[cohort.key] = Run(cohort.starts, ends)
    return found


def settle_stays(
    patient: Person, wanted: Stays, deed: str, *, by: str, now: datetime
) -> StayOutcome:
    """Let a patient have these stays; the record calls it `deed`.

    What was placed for them alone on days that are theirs no longer is cancelled; groups go on
    without them. Raises InvalidFile, by field, for what a clinic file would be refused for.
    """
    before = stays_now(patient)
    cohorts = {cohort.key: cohort for cohort in all_cohorts()}
    problems = problems_of(wanted, cohort_runs())
    if problems:
        raise InvalidFile(problems)
    refuse_stay(patient, before, wanted, cohorts)
    seated = seated_stays(
        patient,
        before,
        with_current(wanted),
        cohorts,
    )
    _write(patient, seated, cohorts)
    _note_words(
        patient,
        before,
        seated,
        by=by,
        now=now,
    )
    after = stays_now(patient)
    return _follow(
        patient,
        before,
        after,
        deed,
        by=by,
        now=now,
    )


def _follow(
    patient: Person, before: Stays, after: Stays, deed: str, *, by: str, now: datetime
) -> StayOutcome:
    """Let sessions and consents follow the stays, and write down what was and what is."""
    consents = recompute_validity(
        by=by,
        now=now,
        patients=[patient.id],
    )
    made_up = give_up_make_ups(patient, before, after, by=by, now=now)
    own, shared, again = _changed(_sessions_ahead(patient, now), before, after)
    for session in own:
        cancel(session, by=by, now=now)
    note_left(shared, patient.id, now=now)
    db.session.flush()
    outcome = StayOutcome(
        tuple(own),
        (*shared, *made_up),
        tuple(again),
        consents,
        after,
    )
    details = {
        "before": [stay_line(stay) for stay in before],
        "after": [stay_line(stay) for stay in after],
        "touched": outcome.touches,
    }
    audit.append(
        deed,
        f"person {patient.id}",
        details,
        by=by,
        now=now,
    )
    return outcome


def _changed(
    sessions: Iterable[Session], before: Stays, after: Stays
) -> tuple[list[Session], list[Session], list[Session]]:
    """Return what was placed for a patient alone on days that are theirs no longer, the groups of
    such days, and what they sit in again.
    """
    own: list[Session] = []
    shared: list[Session] = []
    again: list[Session] = []
    for session in sessions:
        was = _is_in(before, session)
        if was == _is_in(after, session):
            continue
        if not was:
            again.append(session)
        elif is_placed(session):
            own.append(session)
        else:
            shared.append(session)
    return own, shared, again


def stay_line(stay: StayDays) -> list[Any]:
    """Return a stay as the record keeps it."""
    last = stay.last.isoformat() if stay.last else None
    return [stay.id, stay.cohort, stay.first.isoformat(), last, stay.waits, stay.is_current]


def stay_of_line(line: list[Any]) -> StayDays:
    """Return a stay as the record kept it."""
    stay_id, cohort, first, last, waits, is_current = line
    ends = date.fromisoformat(last) if last else None
    return StayDays(
        stay_id,
        cohort,
        date.fromisoformat(first),
        ends,
        waits,
        is_current,
    )


def _is_in(stays: Stays, session: Session) -> bool:
    day = session.starts_at.astimezone(ZoneInfo(session.zone)).date()
    cohort = session.cohort.key
    return any(stay.cohort == cohort and stay.covers(day) for stay in stays)


def _sessions_ahead(patient: Person, now: datetime) -> list[Session]:
    rows = (
        select(Session)
        .join(SessionPatient, SessionPatient.session_id == Session.id)
        .where(
            SessionPatient.person_id == patient.id,
            Session.status == Status.SCHEDULED,
            Session.starts_at > now,
        )
        .order_by(Session.starts_at, Session.key)
    )
    return list(db.session.scalars(rows).unique())


def _write(patient: Person, wanted: Stays, cohorts: dict[str, Cohort]) -> None:
    current = db.session.scalar(select(Enrolment).where(Enrolment.patient_id == patient.id))
    if current is None:
        current = Enrolment(patient_id=patient.id)
        db.session.add(current)
    if not wanted:
        db.session.delete(current)
    rows = {}
    for row in db.session.scalars(select(FurtherStay).where(FurtherStay.patient_id == patient.id)):
        rows[row.id] = row
    for stay in wanted:
        if stay.is_current:
            _say(current, stay, cohorts)
            continue
        further = rows.pop(stay.id, None)
        if further is None:
            further = FurtherStay(id=stay.id, patient_id=patient.id)
        _say(further, stay, cohorts)
        db.session.add(further)
    for gone in rows.values():
        db.session.delete(gone)
    db.session.flush()


def _say(row: Enrolment | FurtherStay, stay: StayDays, cohorts: dict[str, Cohort]) -> None:
    row.cohort = cohorts[stay.cohort]
    row.first = stay.first
    row.last = stay.last
    row.waits = stay.waits


def _note_words(patient: Person, before: Stays, after: Stays, *, by: str, now: datetime) -> None:
    """Note that what changed of the stays is the desk's word."""
    was, now_is = _current(before), _current(after)
    fields = []
    for field, name in (("cohort", "cohort"), ("first", "from"), ("last", "to")):
        if getattr(was, field, None) != getattr(now_is, field, None):
            fields.append(name)
    note_word(
        f"stay of {patient.key}",
        fields,
        source=Source.DESK,
        by=by,
        now=now,
    )
    if _others(before) != _others(after):
        record = f"other stays of {patient.key}"
        note_word(
            record,
            ["stays"],
            source=Source.DESK,
            by=by,
            now=now,
        )


def _current(stays: Stays) -> StayDays | None:
    return next((stay for stay in stays if stay.is_current), None)


def _others(stays: Iterable[StayDays]) -> list[tuple[str, date, date | None]]:
    return [(stay.cohort, stay.first, stay.last) for stay in stays if not stay.is_current]
