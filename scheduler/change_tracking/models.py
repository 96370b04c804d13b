"""What was changed and not looked at yet."""

from enum import StrEnum

from sqlalchemy import BigInteger, Integer, String, true
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base


class About(StrEnum):
    """What a change is about: whose rows say who is concerned."""

    PERSON = "person"
    HUMAN = "human"
    """Somebody's own row, which everybody sees who sits with them."""
    SESSION = "session"
    COHORT = "cohort"
    PROGRAM = "program"
    HOUSE = "house"


class TrackedChange(Base):
    """One row that was written, by any transaction: the database notes it, so that none is lost.

    Never updated by two who write: changes are appended, and deleted by who has looked.
    """

    __tablename__ = "tracked_changes"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    what: Mapped[About] = mapped_column(word(About))
    about: Mapped[str] = mapped_column(String(32))
    untold: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Letters were not compared since."""
    unfed: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Calendar addresses were not compared since."""
