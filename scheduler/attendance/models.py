"""What staff said of who came: append-only, the newest word of a person and a session counts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id


class AttendanceState(StrEnum):
    """How somebody attended a session."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    NO_SHOW = "no_show"


class AttendanceMark(Base):
    """One word of staff about one person at one session; a correction is another row."""

    __tablename__ = "attendance_marks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    turn: Mapped[int]
    """1 for the first word about this person and session, and one more for each correction."""
    state: Mapped[AttendanceState] = mapped_column(word(AttendanceState))
    minutes: Mapped[int]
    """Minutes they were there."""
    by_telephone: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None]
    """For the team alone; it stands in nothing that leaves the house."""
    said_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an excuse was given, where that was before it was written down."""
    taken_back: Mapped[bool] = mapped_column(default=False, server_default=false())
    """That the word before it no longer counts, and none does."""
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("minutes >= 0", name="minutes"),
        CheckConstraint(
            "state IN ('present', 'late', 'left_early', 'excused', 'no_show')", name="state"
        ),
        Index("ix_attendance_marks_turn", "turn"),
        Index(
            "ix_attendance_marks_words",
            "person_id",
            "turn",
            "taken_back",
            "state",
            "session_id",
        ),
        Index("uq_attendance_marks_turn", "session_id", "person_id", "turn", unique=True),
    )
