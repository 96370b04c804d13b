"""Grants page by page, of patients within reach."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, not_, select
from sqlalchemy.orm import joinedload

from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db

Span = tuple[datetime | None, datetime | None]
"""From one moment to before another; None: without end."""


def grants_page(
    near: Select[Any] | None,
    *,
    patient: str | None = None,
    ids: Collection[str] | None = None,
    holds: bool | None = None,
    now: datetime | None = None,
    given: Span = (None, None),
    after: str | None,
    limit: int,
) -> list[Grant]:
    """Return the first grants by id, after one of them: of the patients whose ids `near` asks for
    (None: of all), of one patient (id), or of some ids, `given` from the one moment to before the
    other. Withdrawn and ended ones, too, unless only those are asked for that hold (or do not)
    `now`.
    """
    wanted = select(Grant).options(joinedload(Grant.person), joinedload(Grant.patient))
    if near is not None:
        wanted = wanted.where(Grant.patient_id.in_(near))
    if patient is not None:
        wanted = wanted.where(Grant.patient_id == patient)
    if ids is not None:
        wanted = wanted.where(Grant.id.in_(ids))
    if holds is not None and now is not None:
        has_begun = Grant.valid_from <= now
        has_not_ended = Grant.valid_until > now
        stands = and_(Grant.revoked_at.is_(None), has_begun, has_not_ended)
        wanted = wanted.where(stands if holds else not_(stands))
    wanted = wanted.where(*_within(given))
    if after is not None:
        wanted = wanted.where(Grant.id > after)
    return list(db.session.scalars(wanted.order_by(Grant.id).limit(limit)).unique())


def _within(given: Span) -> Iterator[ColumnElement[bool]]:
    begin, end = given
    if begin is not None:
        yield Grant.given_at >= begin
    if end is not None:
        yield Grant.given_at < end
