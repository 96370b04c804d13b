"""The calendar a clinician uploaded or has followed, reduced to when they are busy."""

from datetime import datetime
from functools import partial

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.ical import Unread
from scheduler.kernel.columns import Document
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.kernel.untrusted.plain import from_plain, to_plain


class BusyCalendar(Base):
    """That a clinician's calendar was read, when, and how far ahead; a newer one takes its
    place.

    `unread` are the entries that could not be read, by their time and why; None when all could.
    """

    __tablename__ = "busy_calendars"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_until: Mapped[datetime] = mapped_column(UtcDateTime)
    unread: Mapped[tuple[Unread, ...] | None] = mapped_column(
        Document(to_plain, partial(from_plain, tuple[Unread, ...]))
    )


class BusyTime(Base):
    """One stretch within one day in which a clinician is busy; nothing is kept of why."""

    __tablename__ = "busy_times"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(
        ForeignKey("busy_calendars.person_id", ondelete="CASCADE")
    )
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_busy_times_person", "person_id", "starts_at"),
    )


class BusyFeed(Base):
    """The address at which a clinician's calendar is read again and again; it is a secret of
    theirs.

    `tag` and `modified` are the conditions of the last good answer (RFC 9110 8.8); `wrong` says why
    the last try failed, None after a good one; `failures` counts those in a row. `next_at` is when
    it is read next, `not_before` until when its server asked not to be asked (RFC 9110 10.2.3).
    """

    __tablename__ = "busy_feeds"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(2000))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tag: Mapped[str | None] = mapped_column(String(200))
    modified: Mapped[str | None] = mapped_column(String(100))
    wrong: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
