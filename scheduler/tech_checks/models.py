"""What a person told of their device last; nothing of what was seen or heard."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.people.models import Person
from scheduler.tech_checks.outcomes import Outcome, TechResult


class TechCheck(Base):
    """One person's newest word; a newer one takes its place."""

    __tablename__ = "tech_checks"

    person_id: Mapped[str] = mapped_column(String(32), ForeignKey("people.id"), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    browser: Mapped[Outcome] = mapped_column(word(Outcome))
    camera: Mapped[Outcome] = mapped_column(word(Outcome))
    microphone: Mapped[Outcome] = mapped_column(word(Outcome))
    speakers: Mapped[Outcome] = mapped_column(word(Outcome))
    connection: Mapped[Outcome] = mapped_column(word(Outcome))
    will_phone: Mapped[bool]

    person: Mapped[Person] = relationship()

    @property
    def result(self) -> TechResult:
        """What was told."""
        return TechResult(
            self.browser,
            self.camera,
            self.microphone,
            self.speakers,
            self.connection,
            self.will_phone,
        )
