"""Who waits for a place in a cohort, in their order, and who of them is to be asked next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from scheduler.admissions.line.models import PlaceOffer
from scheduler.kernel.database import db
from scheduler.people import people_by_id
from scheduler.people.models import Person
from scheduler.programs import Places, places_by_cohort
from scheduler.programs.models import Cohort, Enrolment, FurtherStay


@dataclass(frozen=True, slots=True)
class InLine:
    """Somebody in a line: their stay (id), the days they would have from today on, their place in
    line, and what was offered to them, the newest first.
    """

    person: Person
    stay_id: str
    first: date
    last: date | None
    number: int
    offers: tuple[PlaceOffer, ...] = ()

    @property
    def offer(self) -> PlaceOffer | None:
        """Return the newest offer."""
        return self.offers[0] if self.offers else None

    def is_asked(self, now: datetime) -> bool:
        """True if a place is held for them at `now`."""
        return self.offer is not None and self.offer.stands(now)


@dataclass(frozen=True, slots=True)
class Line:
    """A cohort's line in its order, and its places; None where it holds any number."""

    cohort: Cohort
    waiting: tuple[InLine, ...]
    places: Places | None

    def has_place(self, someone: InLine, now: datetime) -> bool:
        """True if there is a place on all their days beside those held for others."""
        if self.places is None:
            return True
        held = []
        for other in self.waiting:
            if other.is_asked(now) and other.stay_id != someone.stay_id:
                held.append(self.places.days(other.first, other.last))
        taken = [*self.places.taken, *held]
        return Places(
            self.places.capacity,
            self.places.waitlist,
            self.places.ends,
            taken,
        ).take(someone.first, someone.last)

    def next(self, now: datetime) -> InLine | None:
        """Return who is to be asked next: the first for whom there is a place; who let an offer go
        by is asked again after all the others.
        """
        by_turn = sorted(self.waiting, key=lambda someone: (len(someone.offers), someone.number))
        for someone in by_turn:
            if not someone.is_asked(now) and self.has_place(someone, now):
                return someone
        return None


def line_of(cohort: Cohort, *, today: date) -> Line:
    """Return who waits for a place in a cohort."""
    return lines_of([cohort], today=today)[0]


def lines_of(cohorts: Sequence[Cohort], *, today: date) -> list[Line]:
    """Return the lines of these cohorts, asked for together; who waits for days that are over is
    in none.
    """
    places = places_by_cohort(cohorts)
    waiting = _waiting([cohort.id for cohort in cohorts], today)
    found = []
    for cohort in cohorts:
        inside = waiting.get(cohort.id, [])
        inside.sort(key=lambda someone: someone.number)
        found.append(Line(cohort, tuple(inside), places.get(cohort.id)))
    return found


def _waiting(cohort_ids: Sequence[str], today: date) -> dict[str, list[InLine]]:
    """Return who waits by cohort (id)."""
    rows: list[Enrolment | FurtherStay] = []
    for table in (Enrolment, FurtherStay):
        waiting = select(table).where(table.cohort_id.in_(cohort_ids), table.waits.is_not(None))
        rows += db.session.scalars(waiting)
    people = people_by_id({row.patient_id for row in rows})
    offers = _offers(cohort_ids) if rows else {}
    found: dict[str, list[InLine]] = {}
    for row in rows:
        if row.last is not None and row.last < today:
            continue
        someone = InLine(
            people[row.patient_id],
            row.id,
            max(row.first, today),
            row.last,
            row.waits or 0,
            tuple(offers.get((row.patient_id, row.cohort_id), ())),
        )
        found.setdefault(row.cohort_id, []).append(someone)
    return found


def cohorts_with_a_line() -> list[Cohort]:
    """Return the cohorts for which somebody waits, by key."""
    waited: list[str] = []
    for table in (Enrolment, FurtherStay):
        ids = select(table.cohort_id).where(table.waits.is_not(None)).distinct()
        waited += db.session.scalars(ids)
    wanted = select(Cohort).where(Cohort.id.in_(set(waited))).order_by(Cohort.key)
    return list(db.session.scalars(wanted))


def _offers(cohort_ids: Sequence[str]) -> dict[tuple[str, str], list[PlaceOffer]]:
    """Return what was offered by patient and cohort (ids), the newest first."""
    wanted = select(PlaceOffer).where(PlaceOffer.cohort_id.in_(cohort_ids))
    found: dict[tuple[str, str], list[PlaceOffer]] = {}
    for offer in db.session.scalars(wanted.order_by(PlaceOffer.made_at.desc(), PlaceOffer.id)):
        found.setdefault((offer.patient_id, offer.cohort_id), []).append(offer)
    return found
