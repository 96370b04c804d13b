"""Open evenings; of who comes there is only a number."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.programs.models import VideoRoom


class OpenEvening(Base):
    """One evening at its public address `/open/SLUG`: wall time and zone are the truth."""

    __tablename__ = "open_evenings"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str]
    starts_local: Mapped[str] = mapped_column(String(16))
    """`YYYY-MM-DDTHH:MM`, wall time of `zone`."""
    zone: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many were let in; nothing else is kept of them."""
    room_id: Mapped[str] = mapped_column(ForeignKey("video_rooms.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(64))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    room: Mapped[VideoRoom] = relationship()

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("taken <= places", name="places"),
        Index("ix_open_evenings_ends", "ends_at"),
    )
