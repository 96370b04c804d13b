"""Pairs of a relative and a date that is over, from rows: a handful of questions for any number of
sessions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import String, cast, select

from scheduler.attendance import came_to
from scheduler.consents import PURPOSES
from scheduler.consents.model.models import Grant
from scheduler.engagement.counting_rules import Pair
from scheduler.invitations import answers_by_date, told_by_date
from scheduler.kernel.database import db
from scheduler.people.models import Relative
from scheduler.programs import FAMILY_KINDS, Kind
from scheduler.sessions.models import Session, SessionPatient, Status

Key = tuple[str, str]
"""A relative and a session, by ids."""


class FamilyDate(NamedTuple):
    """A family session that is over, beside one patient it was for."""

    session_id: str
    patient_id: str
    kind: Kind
    starts_at: datetime
    starts_local: str


def family_dates(*, now: datetime, cohort_id: str | None = None) -> list[FamilyDate]:
    """Return the family sessions that were over at `now` and not cancelled, once a patient; of one
    cohort (id) or all.
    """
    # reading all in a row takes less than each by an index
    kind = cast(Session.kind, String)
    status = cast(Session.status, String)
    session_id = Session.id.concat("")
    wanted = (
        select(
            Session.id,
            SessionPatient.person_id,
            Session.kind,
            Session.starts_at,
            Session.starts_local,
        )
        .join(SessionPatient, SessionPatient.session_id == session_id)
        .where(
            kind.in_(sorted(FAMILY_KINDS)),
            Session.ends_at <= now,
            status.in_([Status.SCHEDULED.value, Status.HELD.value]),
        )
    )
    if cohort_id is not None:
        wanted = wanted.where(Session.cohort_id == cohort_id)
    db.session.flush()
    rows = db.session.connection().execute(wanted)  # of plain columns the session adds nothing
    return [FamilyDate._make(row) for row in rows]


def past_pairs(dates: Iterable[FamilyDate]) -> list[Pair]:
    """Return every pair of a relative whose consent held when a date began, withdrawn since or not,
    and that date.
    """
    grants = _grants()
    found: dict[Key, FamilyDate] = {}
    for date in dates:
        for grant in grants.get((date.patient_id, date.kind), ()):
            if grant.held_at(date.starts_at):
                found[grant.person_id, date.session_id] = date
    if not found:
        return []
    relations = _relations()
    people = {person_id for person_id, _ in found}
    told = told_by_date(people)
    answers = answers_by_date(people)
    came = came_to(people)
    pairs = []
    for key, date in found.items():
        relation = relations.get(key[0], "")
        pair = _pair(date, relation, key, told, answers, key in came)
        pairs.append(pair)
    return pairs


@dataclass(frozen=True, slots=True)
class _Granted:
    person_id: str
    valid_from: datetime
    until: datetime

    def held_at(self, moment: datetime) -> bool:
        return self.valid_from <= moment < self.until


def _grants() -> dict[tuple[str, Kind], list[_Granted]]:
    """Return by patient (id) and kind of session whose consent held from when until when."""
    columns = (
        Grant.patient_id,
        Grant.person_id,
        Grant.purpose,
        Grant.valid_from,
        Grant.valid_until,
        Grant.revoked_at,
    )
    found: dict[tuple[str, Kind], list[_Granted]] = {}
    for patient_id, person_id, purpose, begins, ends, revoked_at in db.session.execute(
        select(*columns)
    ):
        until = ends if revoked_at is None else min(ends, revoked_at)
        granted = _Granted(person_id, begins, until)
        for kind in PURPOSES[purpose].opens if purpose in PURPOSES else ():
            found.setdefault((patient_id, kind), []).append(granted)
    return found


def _pair(
    date: FamilyDate,
    relation: str,
    key: Key,
    told: Mapping[Key, datetime],
    answers: Mapping[Key, tuple[str, datetime | None]],
    attended: bool,
) -> Pair:
    told_at = told.get(key)
    said = answers.get(key)
    answer = None
    if said is not None and said[1] in {None, date.starts_at}:
        answer = said[0]
    return Pair(
        kind=date.kind,
        relation=relation,
        weekday=datetime.fromisoformat(date.starts_local).weekday(),
        lead_days=max((date.starts_at - told_at).days, 0) if told_at else None,
        is_told=told_at is not None,
        answer=answer,
        attended=attended,
    )


def _relations() -> dict[str, str]:
    rows = db.session.execute(select(Relative.person_id, Relative.relationship_word))
    return {row.person_id: row.relationship_word for row in rows}
