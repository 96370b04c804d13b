"""Shared reads of sessions."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from scheduler.kernel.database import db
from scheduler.programs.models import Cohort
from scheduler.sessions.models import Session


def sessions_by_id(ids: Collection[str]) -> dict[str, Session]:
    """Return these sessions, each by its id."""
    rows = db.session.scalars(select(Session).where(Session.id.in_(ids))).unique()
    return {session.id: session for session in rows}


def sessions_by_key(keys: Collection[str]) -> dict[str, Session]:
    """Return these sessions, each by its key; those that are not there are left out."""
    rows = db.session.scalars(select(Session).where(Session.key.in_(keys))).unique()
    return {session.key: session for session in rows}


def sessions_of_cohort(cohort_key: str) -> list[Session]:
    """Return the sessions of a cohort in order of time, those cancelled too."""
    question = (
        select(Session)
        .join(Cohort)
        .options(selectinload(Session.leads), selectinload(Session.patients))
        .where(Cohort.key == cohort_key)
        .order_by(Session.starts_at, Session.key)
    )
    return list(db.session.scalars(question).unique())
