"""Recorded workshops, and the personal addresses at which they are watched."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.people.models import Person
from scheduler.sessions.models import Session


class Recording(Base):
    """The recording of one session that was held: a link of the clinic's own, or a file in its
    folder.
    """

    __tablename__ = "recordings"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    url: Mapped[str | None]
    file: Mapped[str | None]
    """Its name in the folder of recordings."""
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """From when on nobody may watch it."""
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(String(64))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    session: Mapped[Session] = relationship()

    __table_args__ = (CheckConstraint("(url IS NULL) <> (file IS NULL)", name="link_or_file"),)

    def stands(self, now: datetime) -> bool:
        """True if it may be watched at `now` by whom it is for."""
        return self.removed_at is None and now < self.ends_at


class RecordingPass(Base):
    """One person's address for one recording, until it ends; how often it was opened is counted."""

    __tablename__ = "recording_passes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(ForeignKey("recordings.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    times: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How often the recording was opened with it."""
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    recording: Mapped[Recording] = relationship()
    person: Mapped[Person] = relationship()
