"""Rows that say who set a field last, where that was not the clinic file."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id


class Source(StrEnum):
    """Whose word a field is."""

    FILE = "file"
    DESK = "desk"
    PERSON = "person"


class FieldWord(Base):
    """The last word about one field of one record; without a row it is the file's."""

    __tablename__ = "field_words"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    record: Mapped[str] = mapped_column(String(96))
    """As a load names it: `relative p-1-mother`."""
    field: Mapped[str] = mapped_column(String(64))
    """As the clinic file calls it."""
    source: Mapped[Source] = mapped_column(word(Source))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    stamp: Mapped[str] = mapped_column(String(32))
    """Another one with each word, so that an export marks what it read and nothing newer."""
    exported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an export first carried this word; from then on a file may know better."""

    __table_args__ = (
        UniqueConstraint("record", "field"),
        CheckConstraint("source IN ('file', 'desk', 'person')", name="source"),
        Index(
            "ix_field_words_new",
            "stamp",
            postgresql_where=text("exported_at IS NULL"),
            sqlite_where=text("exported_at IS NULL"),
        ),
    )
