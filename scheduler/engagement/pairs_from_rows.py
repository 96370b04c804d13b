"""Pairs of a relative and a date that is over, from rows: a handful of questions for any number of
sessions.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select

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


@dataclass(frozen=True, slots=True)
class _Date:
    kind: Kind
    starts_at: datetime
    starts_local: str


def past_pairs(*, now: datetime, cohort_id: str | None = None) -> list[Pair]:
    """Return every pair of a relative who might come and a date that was over at `now` and was not
    cancelled; of one cohort (id) or all.
    """
    dates: dict[str, _Date] = {}
    keys: dict[Key, None] = {}
    for kind in sorted(FAMILY_KINDS):
        for row in db.session.execute(_consented(kind, now, cohort_id)):
            dates.setdefault(row.id, _Date(kind, row.starts_at, row.starts_local))
            keys[row.person_id, row.id] = None
    if not keys:
        return []
    relations = _relations()
    people = {person_id for person_id, _ in keys}
    told = told_by_date(people)
    answers = answers_by_date(people)
    came = came_to(people)
    pairs = []
    for key in keys:
        person_id, session_id = key
        date = dates[session_id]
        pair = _pair(date, relations.get(person_id, ""), key, told, answers, key in came)
        pairs.append(pair)
    return pairs


def _pair(
    date: _Date,
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


def _consented(kind: Kind, now: datetime, cohort_id: str | None) -> Select[str, datetime, str, str]:
    """Ask which relatives' consent held when a date of this kind began, withdrawn since or not."""
    purposes = [purpose for purpose, said in PURPOSES.items() if kind in said.opens]
    wanted = (
        select(Session.id, Session.starts_at, Session.starts_local, Grant.person_id)
        .join(SessionPatient, SessionPatient.session_id == Session.id)
        .join(Grant, Grant.patient_id == SessionPatient.person_id)
        .where(
            Session.kind == kind,
            Session.ends_at <= now,
            Session.status != Status.CANCELLED,
            Grant.purpose.in_(purposes),
            Grant.valid_from <= Session.starts_at,
            Grant.valid_until > Session.starts_at,
            or_(Grant.revoked_at.is_(None), Grant.revoked_at > Session.starts_at),
        )
    )
    return wanted if cohort_id is None else wanted.where(Session.cohort_id == cohort_id)


def _relations() -> dict[str, str]:
    rows = db.session.execute(select(Relative.person_id, Relative.relationship_word))
    return {row.person_id: row.relationship_word for row in rows}


def patients_with_family(
    *, now: datetime, cohort_id: str | None = None, among: Collection[Kind] = FAMILY_KINDS
) -> set[str]:
    """Return the patients (ids) who had at least one family session that is over."""
    wanted = (
        select(SessionPatient.person_id)
        .join(Session, Session.id == SessionPatient.session_id)
        .where(
            Session.kind.in_(sorted(among)),
            Session.ends_at <= now,
            Session.status != Status.CANCELLED,
        )
        .distinct()
    )
    if cohort_id is not None:
        wanted = wanted.where(Session.cohort_id == cohort_id)
    return set(db.session.scalars(wanted))
