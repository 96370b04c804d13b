"""Plans of participation: append-only, the newest of a patient counts."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import Document
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.participation.participation_rules import Part
from scheduler.programs import Kind


def _write(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    rows = []
    for part in parts:
        since = part.since.isoformat() if part.since else None
        rows.append(asdict(part) | {"kind": part.kind.value, "since": since})
    return rows


def _read(rows: list[dict[str, Any]]) -> tuple[Part, ...]:
    parts = []
    for row in rows:
        since = date.fromisoformat(row["since"]) if row["since"] else None
        part = Part(
            kind=Kind(row["kind"]),
            takes_part=row["takes_part"],
            every_weeks=row["every_weeks"],
            people=tuple(row["people"]),
            since=since,
        )
        parts.append(part)
    return tuple(parts)


class ParticipationPlan(Base):
    """What was agreed with one patient and the family on a day; a later one takes its place."""

    __tablename__ = "participation_plans"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    turn: Mapped[int]
    """1 for a patient's first plan, and one more for each that follows."""
    parts: Mapped[tuple[Part, ...]] = mapped_column(Document(_write, _read))
    agreed_on: Mapped[date]
    agreed_with: Mapped[str]
    """Names, as they were typed."""
    words: Mapped[str | None] = mapped_column(Text)
    """What else was agreed, in the family's own words."""
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("uq_participation_plans_turn", "patient_id", "turn", unique=True),)
