"""Every stay of every patient, the current one and the others alike: who is where and when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select, union_all

from scheduler.kernel.database import db
from scheduler.programs.models import Enrolment, FurtherStay

CHUNK = 500
"""How many people one question names: engines bound it."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Days of a patient (id) in a cohort (id), both included; `last` None: to the cohort's end.

    `waits` is the place in the cohort's line; None: the patient has a seat.
    """

    patient_id: str
    cohort_id: str
    first: date
    last: date | None
    waits: int | None

    def covers(self, day: date) -> bool:
        """True if the patient has a seat on `day`."""
        return self.waits is None and self.first <= day <= (self.last or date.max)


def _columns(table: type[Enrolment] | type[FurtherStay]) -> Select[*tuple[object, ...]]:
    return select(
        table.patient_id.label("patient_id"),
        table.cohort_id.label("cohort_id"),
        table.first.label("first"),
        table.last.label("last"),
        table.waits.label("waits"),
    )


every_stay = union_all(_columns(Enrolment), _columns(FurtherStay)).subquery("stays")
"""All stays as one table, for questions that join it."""


def stays_in(cohort_ids: Collection[str]) -> list[Stay]:
    """Return the stays in these cohorts, those who wait among them, by day."""
    named = every_stay.c.cohort_id.in_(cohort_ids)
    return _read(select(every_stay).where(named))


def stays_of(patient_ids: Iterable[str]) -> dict[str, list[Stay]]:
    """Return each of these patients' stays by day; nothing for who has none."""
    wanted = sorted(set(patient_ids))
    found: dict[str, list[Stay]] = {}
    for start in range(0, len(wanted), CHUNK):
        end = start + CHUNK
        chunk = wanted[start:end]
        named = every_stay.c.patient_id.in_(chunk)
        for stay in _read(select(every_stay).where(named)):
            known = found.setdefault(
                stay.patient_id,
                [],
            )
            known.append(stay)
    return found


def _read(wanted: Select[*tuple[object, ...]]) -> list[Stay]:
    ordered = wanted.order_by(
        every_stay.c.first,
        every_stay.c.patient_id,
    )
    found = []
    for row in db.session.execute(ordered):
        stay = Stay(
            row.patient_id,
            row.cohort_id,
            row.first,
            row.last,
            row.waits,
        )
        found.append(stay)
    return found
