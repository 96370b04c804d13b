"""Sessions that will happen, who leads and who sits in them, and the names calendars know them
by.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.people.models import Person
from scheduler.programs import Kind, Seats, said_title
from scheduler.programs.models import Cohort, VideoRoom


class Status(StrEnum):
    """What became of a session."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    HELD = "held"


class SessionLead(Base):
    """A clinician who leads a session."""

    __tablename__ = "session_leads"

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class SessionPatient(Base):
    """A patient the session is for: seated in it, or, where only families sit, whose families may
    come.
    """

    __tablename__ = "session_patients"

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class MakeUpSeat(Base):
    """A seat that a patient took in a group to make up for another session: plans keep its hour
    free, and none takes it away. They sit in `session_patients`, too.
    """

    __tablename__ = "make_up_seats"

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    instead_of: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SessionGuest(Base):
    """A relative the plan counts on who has other rows as well: the same human is nowhere else
    then.

    Who may know of the session is asked of consent, never of this.
    """

    __tablename__ = "session_guests"

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class Session(Base):
    """One meeting: wall time and zone are the truth, the UTC instants are derived from them.

    `key` names the obligation, not the time (`evening.fam.p-101.w4`), so a moved session keeps it;
    `series` (`evening.fam.p-101`) groups what one invitation may cover; `version` rises with every
    change.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    series: Mapped[str] = mapped_column(String(255), index=True)
    cohort_id: Mapped[str] = mapped_column(ForeignKey("cohorts.id"), index=True)
    kind: Mapped[Kind] = mapped_column(word(Kind))
    seats: Mapped[Seats] = mapped_column(word(Seats))
    title: Mapped[str]
    topic: Mapped[str | None]
    week: Mapped[int]
    starts_local: Mapped[str] = mapped_column(String(16))
    """`YYYY-MM-DDTHH:MM`, wall time of `zone`."""
    zone: Mapped[str]
    minutes: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_from: Mapped[str | None] = mapped_column(String(16))
    """Where it lay before it was moved first (wall time of `zone`); None: it lies there."""
    minutes_before: Mapped[int | None]
    """How long it was then."""
    leads_before: Mapped[str | None] = mapped_column(Text)
    """Who led it (ids) before a person put another there; None: as the plan has it."""
    zone_rules: Mapped[str] = mapped_column(String(16))
    """The tzdata version the instants were derived with."""
    room_id: Mapped[str | None] = mapped_column(ForeignKey("video_rooms.id"))
    status: Mapped[Status] = mapped_column(word(Status), default=Status.SCHEDULED)
    taken_back: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its publication was taken back before anybody was told: cancelled, and shown nowhere."""
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_by: Mapped[str | None] = mapped_column(String(64))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    cohort: Mapped[Cohort] = relationship()
    room: Mapped[VideoRoom | None] = relationship()
    leads: Mapped[list[Person]] = relationship(secondary="session_leads", order_by=Person.key)
    patients: Mapped[list[Person]] = relationship(secondary="session_patients", order_by=Person.key)

    @property
    def is_held(self) -> bool:
        """True once staff said of everybody who sits in it whether they came."""
        return self.status is Status.HELD

    @property
    def called(self) -> str:
        """What sentences for staff call it."""
        return said_title(self.kind, self.title)

    @property
    def day_over(self) -> datetime:
        """The UTC instant at which its day ends, where it is held; not before it ends itself."""
        there = ZoneInfo(self.zone)
        local = self.starts_at.astimezone(there)
        next_day = local.date() + timedelta(days=1)
        midnight = datetime.combine(next_day, time(), there)
        return max(midnight.astimezone(UTC), self.ends_at)

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("status IN ('scheduled', 'cancelled', 'held')", name="status"),
        Index("ix_sessions_starts", "starts_at", "status"),
        Index("ix_sessions_kind", "status", "kind", "ends_at"),
    )


class SessionChange(Base):
    """How a session was before one change of its time, people or standing; kept for good.

    `version` is the one that the change made, -1 where the session goes on without one of its
    people as it is. Without a start it did not stand: it was new, or
    cancelled.
    """

    __tablename__ = "session_changes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    version: Mapped[int]
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    people: Mapped[str] = mapped_column(Text)
    """Ids of who led it and of the patients it was for, by commas."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when a publication that made it can be taken back: nobody hears of it before."""
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when those it concerns are known by name to whoever tells them."""

    __table_args__ = (
        Index("ix_session_changes_session", "session_id", "version"),
        Index(
            "ix_session_changes_unheard",
            "id",
            postgresql_where=text("heard_at IS NULL"),
            sqlite_where=text("heard_at IS NULL"),
        ),
    )


class TeamNote(Base):
    """A note of the team about a session; it stands in nothing that leaves the house."""

    __tablename__ = "team_notes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoomEntry(Base):
    """That somebody was let into the room of a session: when first, and when that was ended because
    they may be there no longer.
    """

    __tablename__ = "room_entries"

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionOverride(Base):
    """That a person let a rule be bent for a session, as long as it is at this place; `about` and
    `sentence` are the judge's words for it.
    """

    __tablename__ = "session_overrides"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    rule: Mapped[str] = mapped_column(String(32))
    about: Mapped[str] = mapped_column(String(512))
    sentence: Mapped[str]
    reason: Mapped[str]
    starts_local: Mapped[str] = mapped_column(String(16))
    minutes: Mapped[int]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_by: Mapped[str] = mapped_column(String(64))


class Engagement(Base):
    """Whom or what a session keeps engaged: a leader, a seated patient, a relative with other rows,
    its room. Written by the database's triggers.

    The database refuses that one of them is engaged twice at once, when the transaction ends
    (migrations 0020 and 0035).
    """

    __tablename__ = "engagements"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    what: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Id of the human (`Person.body_id`, else of the person) or room."""
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clash: Mapped[str | None] = mapped_column(
        String(32), ForeignKey("sessions.id", deferrable=True, initially="DEFERRED")
    )
    """SQLite's alone: `!`, the name of no session, while it is engaged twice; that keeps a commit
    from succeeding.
    """

    __table_args__ = (
        CheckConstraint("clash = '!'", name="clash"),
        Index("ix_engagements_what", "what", "ends_at"),
        Index(
            "ix_engagements_clash",
            "clash",
            postgresql_where=text("clash IS NOT NULL"),
            sqlite_where=text("clash IS NOT NULL"),
        ),
    )


class CalendarForm(StrEnum):
    """How a person's calendar holds a series: one entry with a rule, or an entry a session. Chosen
    once, kept.
    """

    SERIES = "series"
    SINGLES = "singles"


class CalendarName(Base):
    """The UID under which one person's calendar knows a series, or one session of it; never changed
    or reused.

    `session_id` is None for the name of a whole regular series. The same UID stands in invitation
    and feed.
    """

    __tablename__ = "calendar_names"

    uid: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    series: Mapped[str] = mapped_column(String(255))
    form: Mapped[CalendarForm] = mapped_column(word(CalendarForm))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_on: Mapped[date | None]
    """Set when everything under it was cancelled: booking again takes a new UID."""

    __table_args__ = (
        Index(
            "uq_calendar_names_live",
            "person_id",
            "session_id",
            unique=True,
            postgresql_where=text("retired_on IS NULL"),
            sqlite_where=text("retired_on IS NULL"),
        ),
        Index("ix_calendar_names_person", "person_id", "series"),
    )
