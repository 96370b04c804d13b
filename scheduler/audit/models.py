"""The record of who did what to which record: append-only, chained."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.database import Base, UtcDateTime


class AuditEntry(Base):
    """One deed; `chain` is an HMAC over the entry before and this one, so an edited or cut record
    shows.
    """

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(64))
    deed: Mapped[str] = mapped_column(String(64))
    about: Mapped[str] = mapped_column(String(255))
    details: Mapped[Any] = mapped_column(JSON)
    chain: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_audit_entries_about", "about", "number"),
        Index("ix_audit_entries_by", "by", "number"),
        Index("ix_audit_entries_at", "at", "number"),
    )
