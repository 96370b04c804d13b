"""Hours that patients and relatives marked, in which nothing may arrive."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.people.models import Person


class Means(StrEnum):
    """By which way nothing may arrive."""

    MAIL = "mail"
    TEXT = "text"
    BOTH = "both"


class MarkedHours(Base):
    """Hours of each week, on the clock of whoever marked them, in which nothing may arrive; kept
    when they are ended. Told to nobody but staff.
    """

    __tablename__ = "unsafe_hours"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    means: Mapped[Means] = mapped_column(word(Means))
    days: Mapped[str] = mapped_column(String(7))
    """Digits: 0 is Monday."""
    begin: Mapped[int]
    end: Mapped[int]
    """Minutes of the day; an end that is not after the beginning is on the next day."""
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    marked_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(64))

    person: Mapped[Person] = relationship()

    __table_args__ = (
        CheckConstraint("means IN ('mail', 'text', 'both')", name="means"),
        Index(
            "ix_unsafe_hours_standing",
            "person_id",
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )
