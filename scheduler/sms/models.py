"""Who agreed to get text messages, to which number, in which words."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.people.models import Person


class TextConsent(Base):
    """Prior express consent to text one person at one number (47 CFR 64.1200(a)); append-only but
    for its end.

    Another number needs another agreement. `wording` is what they agreed to, the neutral sender's
    name in it.
    """

    __tablename__ = "text_consents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    phone: Mapped[str] = mapped_column(String(32))
    wording: Mapped[str]
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(64))
    """`reply`, or the key of the member of staff."""

    person: Mapped[Person] = relationship()

    __table_args__ = (Index("ix_text_consents_phone", "phone"),)
