"""What patients and relatives said on their own pages: kept for good, the newest word counts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id


class Matter(StrEnum):
    """What a word is about."""

    NEWS_SEEN = "news_seen"
    """What changed until then was read."""
    CANNOT_COME = "cannot_come"
    """Of a session (`about` is its id): whether they come; `said` has `comes`."""
    NEEDS = "needs"
    """An interpreter, captions, and what else helps."""
    SELF_CHECK = "self_check"
    """How ready somebody feels for a first meeting."""
    CONFIDENTIAL = "confidential"
    """That what others say in a group stays there; `about` is the series."""
    MAKE_UP = "make_up"
    """The group (`session` is its id) they ask for in place of one (`about`)."""
    STOP_CONTACT = "stop_contact"
    """That nothing more is to be written to them."""


class OwnWord(Base):
    """One thing that one person said of one matter."""

    __tablename__ = "own_words"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    matter: Mapped[Matter] = mapped_column(word(Matter))
    about: Mapped[str] = mapped_column(String(255), default="")
    """What of the matter, "" where there is only one."""
    said: Mapped[Any] = mapped_column(JSON(none_as_null=True))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_own_words_person", "person_id", "matter", "about", "at"),)
