"""Grants page by page, of patients within reach."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db


def grants_page(
    near: Select[Any] | None,
    *,
    patient: str | None = None,
    after: str | None,
    limit: int,
) -> list[Grant]:
    """Return the first grants by id, after one of them: of the patients whose ids `near` asks for
    (None: of all), or of one patient (id) alone. Withdrawn and ended ones, too.
    """
    wanted = select(Grant).options(joinedload(Grant.person), joinedload(Grant.patient))
    if near is not None:
        wanted = wanted.where(Grant.patient_id.in_(near))
    if patient is not None:
        wanted = wanted.where(Grant.patient_id == patient)
    if after is not None:
        wanted = wanted.where(Grant.id > after)
    return list(db.session.scalars(wanted.order_by(Grant.id).limit(limit)).unique())
