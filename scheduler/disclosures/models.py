"""The pages that were opened: who read what of whom, under which grants, with which notice."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id


class Opened(StrEnum):
    """The pages that tell a relative something of a patient."""

    HOME = "home"
    INVITATION = "invitation"
    ROOM = "room"
    RECORDING = "recording"


class Opening(Base):
    """One reading of one page by one relative: append-only, kept as long as an accounting reaches
    (42 CFR 2.25).
    """

    __tablename__ = "openings"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    page: Mapped[Opened] = mapped_column(word(Opened))
    about: Mapped[str | None] = mapped_column(String(255))
    """The UID of the invitation, where the page was about one."""
    grants: Mapped[Any] = mapped_column(JSON)
    """What let them: `[{"id", "purpose", "until"}]`, the scope as it was at that moment (42 CFR
    2.32(b)).
    """
    notice: Mapped[str | None] = mapped_column(String(64))
    """The version of the statement shown; None: the practice is not under Part 2."""

    __table_args__ = (Index("ix_openings_of", "patient_id", "at"),)
