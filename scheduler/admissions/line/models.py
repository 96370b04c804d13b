"""Places that were offered to those who wait for one."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id


class Answer(StrEnum):
    """What became of an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class PlaceOffer(Base):
    """A place in a cohort held for a patient who waits for it, until a moment; it lapses then by
    itself. Kept for good.
    """

    __tablename__ = "place_offers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    cohort_id: Mapped[str] = mapped_column(ForeignKey("cohorts.id"), index=True)
    first: Mapped[date]
    """The days it is for; `last` None: to the cohort's end."""
    last: Mapped[date | None]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Answer | None] = mapped_column(word(Answer))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("answer IN ('accepted', 'declined', 'taken_back')", name="answer"),
    )

    def stands(self, now: datetime) -> bool:
        """True if the place is still held at `now`."""
        return self.answer is None and now < self.ends_at
