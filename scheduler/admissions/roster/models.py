"""Lists of new patients that were brought in at the desk."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import Document
from scheduler.kernel.database import Base, UtcDateTime


class RosterImport(Base):
    """One list, and whom it brought; it is taken back as one."""

    __tablename__ = "roster_imports"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_ids: Mapped[tuple[Any, ...]] = mapped_column(Document(list, tuple))
    brought_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    brought_by: Mapped[str] = mapped_column(String(64))
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_by: Mapped[str | None] = mapped_column(String(64))
