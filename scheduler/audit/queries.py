"""Reading the record, page by page, so that its length does not matter."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db

PAGE = 1000


def entries(*, since: datetime | None = None, page: int = PAGE) -> Iterator[AuditEntry]:
    """Yield the entries of the record in order, from `since` on where it is said; they are read
    `page` at a time.
    """
    question = select(AuditEntry).order_by(AuditEntry.number).limit(page)
    if since is not None:
        question = question.where(AuditEntry.at >= since)
    last = 0
    while True:
        found = db.session.scalars(question.where(AuditEntry.number > last)).all()
        yield from found
        if len(found) < page:
            return
        last = found[-1].number
        db.session.expunge_all()


def newest_of(deed: str) -> datetime | None:
    """Return when a deed was done last, None when it never was."""
    return db.session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.deed == deed))
