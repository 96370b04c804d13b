"""Rows of what people chose for their own reminders."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.reminders.wishes.wish import Way, Wish


class ReminderWish(Base):
    """What one person chose last; without a row their program's policy holds."""

    __tablename__ = "reminder_wishes"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    way: Mapped[Way] = mapped_column(word(Way))
    week_ahead: Mapped[bool]
    day_before: Mapped[bool]
    hour_before: Mapped[bool]
    evening: Mapped[int | None]
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("way IN ('mail', 'text', 'both', 'none')", name="way"),)

    @property
    def wish(self) -> Wish:
        """Return it as a value."""
        return Wish(
            self.way,
            week_ahead=self.week_ahead,
            day_before=self.day_before,
            hour_before=self.hour_before,
            evening=self.evening,
        )
