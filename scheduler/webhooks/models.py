"""Whom programs are told at, and each thing they are told."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import Document, word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.kernel.schema.sealed_text import SealedText
from scheduler.webhooks.hook_events import Event


def _read_events(said: list[str]) -> tuple[Event, ...]:
    return tuple(Event(word) for word in said)


class DeliveryState(StrEnum):
    """Where a delivery is."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class Webhook(Base):
    """An https address that is told of some events, each signed with its secret; `read_to` is the
    entry of the record up to which it was looked.
    """

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str] = mapped_column(String(2000))
    plain: Mapped[str] = mapped_column("secret", String(64), default="")
    """Empty; a secret made before secrets were sealed stands here until it is sealed."""
    sealed: Mapped[str | None] = mapped_column(SealedText)
    events: Mapped[tuple[Event, ...]] = mapped_column(Document(list, _read_events))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_to: Mapped[int]

    @property
    def secret(self) -> str:
        """Return what deliveries are signed with, "" once it is ended."""
        return self.sealed or self.plain


class WebhookDelivery(Base):
    """One thing told at one address: its id tells repeats from news; `source` is where it comes
    from, so that it is told once; `words` is what the last try came to.
    """

    __tablename__ = "webhook_deliveries"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id"))
    source: Mapped[str] = mapped_column(String(100))
    body: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[DeliveryState] = mapped_column(word(DeliveryState))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    words: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (
        UniqueConstraint("webhook_id", "source", name="uq_webhook_deliveries_source"),
        Index("ix_webhook_deliveries_due", "state", "due_at"),
    )
