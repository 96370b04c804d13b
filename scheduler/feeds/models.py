"""Secret-address calendars, one per person: finished bytes behind the hash of a secret."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.people.models import Person


class Feed(Base):
    """A person's calendar address: the secret is stored only as its hash, the body as it is served.

    `stale_at` is the next moment at which, with no row changed, other words would be true (a grant
    begins or ends, the window moves on): from then on the body is made anew before it is served.
    """

    __tablename__ = "feeds"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    etag: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stale_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a program asked for it last, to some minutes."""
    shown: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Ids of the sessions ahead that the body shows, by commas: one that is cancelled then stays in
    it, struck.
    """

    person: Mapped[Person] = relationship()

    __table_args__ = (
        Index(
            "uq_feeds_live",
            "person_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )
