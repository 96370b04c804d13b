"""Searching the record by who, about whom and when, by index and page by page."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db


def search(
    *,
    about: Collection[str] = (),
    by: str = "",
    begin: datetime | None = None,
    end: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[AuditEntry]:
    """Return entries, the newest first: about any of these records, by whom (a key), from `begin`
    to before `end`, and older than the entry numbered `before`.
    """
    wanted = select(AuditEntry)
    if about:
        wanted = wanted.where(AuditEntry.about.in_(about))
    if by:
        wanted = wanted.where(AuditEntry.by == by)
    if begin is not None:
        wanted = wanted.where(AuditEntry.at >= begin)
    if end is not None:
        wanted = wanted.where(AuditEntry.at < end)
    if before is not None:
        wanted = wanted.where(AuditEntry.number < before)
    newest_first = wanted.order_by(AuditEntry.number.desc())
    return db.session.scalars(newest_first.limit(limit)).all()
