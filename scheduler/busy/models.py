"""The calendar a clinician uploaded, reduced to when they are busy."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id


class BusyCalendar(Base):
    """That a clinician's calendar was uploaded, and how far ahead it was read; a newer one takes its place."""

    __tablename__ = "busy_calendars"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_until: Mapped[datetime] = mapped_column(UtcDateTime)


class BusyTime(Base):
    """One stretch within one day in which a clinician is busy; nothing is kept of why."""

    __tablename__ = "busy_times"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("busy_calendars.person_id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_busy_times_person", "person_id", "starts_at"),
    )
