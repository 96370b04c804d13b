"""Who sent which form last."""

from datetime import datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.database import Base, UtcDateTime


class FormTurn(Base):
    """Who sent a form last, and from which showing of it: locked while a form is done, so that of
    two at one moment the second sees the first.
    """

    __tablename__ = "form_turns"

    form_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    sent_hash: Mapped[str] = mapped_column(String(64), default="")
    by: Mapped[str] = mapped_column(String(64), default="")
    browser_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_ns: Mapped[int] = mapped_column(BigInteger, default=0)
    """When it was done for certain, in nanoseconds since 1970: what was opened earlier is old."""
    said: Mapped[str] = mapped_column(Text, default="")
    leads_to: Mapped[str] = mapped_column(Text, default="")
