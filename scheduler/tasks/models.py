"""Tasks for staff."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id


class Task(Base):
    """One thing to do, about one person or about the house itself.

    It is for one member of staff or, without `for_id`, for whoever is at the desk.
    """

    __tablename__ = "tasks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    """The matter, nominal: the same matter raised twice is one task."""
    kind: Mapped[str] = mapped_column(String(32))
    about_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    for_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    words: Mapped[str]
    leads_to: Mapped[str | None] = mapped_column(String(300))
    """Where the deed is that the task asks for, as `what:name` (`session:KEY`, `reply:ID`)."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        Index(
            "ix_tasks_open",
            "made_at",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
    )
