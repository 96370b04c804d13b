"""Offering a place to somebody who waits for one, and what comes of it: they answer on their own
page, or whoever offers calls them and writes down what they say.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler import audit
from scheduler.admissions.line.models import Answer, PlaceOffer
from scheduler.admissions.line.waiting_line import InLine, Line, line_of
from scheduler.admissions.settle_stays import StayOutcome, settle_stays, stays_now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.programs.models import Cohort

SEATED = "stay.seated"
LONGEST = timedelta(days=30)
"""How long a place may be held."""


def offer_place(
    cohort: Cohort, patient_key: str, until: date, *, by: str, now: datetime
) -> PlaceOffer:
    """Hold a place for who waits for it, through the day `until` in the practice's zone.

    Raises InputError for a day that is over or too far, Conflict where they do not wait there, have
    an offer already, or where there is no place.
    """
    today = _today(now)
    if not today <= until <= today + LONGEST:
        raise InputError(f"the last day to answer lies between {today} and {today + LONGEST}")
    line = _line_in_turn(cohort, today)
    someone = _in_line(line, patient_key)
    if someone.is_asked(now):
        raise Conflict(f"a place is offered to {someone.person.name} already")
    if not line.has_place(someone, now):
        raise Conflict(f"there is no place in {cohort.key} for {someone.person.name} now")
    ends = datetime.combine(until + timedelta(days=1), time(), ZoneInfo(practice().zone))
    offer = PlaceOffer(
        patient_id=someone.person.id,
        cohort_id=cohort.id,
        first=someone.first,
        last=someone.last,
        ends_at=ends,
        made_at=now,
        made_by=by,
    )
    db.session.add(offer)
    db.session.flush()
    _note("place.offered", offer, by=by, now=now)
    return offer


def accept_place(cohort: Cohort, patient_key: str, *, by: str, now: datetime) -> StayOutcome:
    """Give who waits the place that is held for them, from today on or from the first day they
    asked for. Raises Conflict where none is held any more.
    """
    line = _line_in_turn(cohort, _today(now))
    someone = _in_line(line, patient_key)
    offer = _standing(someone, now)
    if not line.has_place(someone, now):
        raise Conflict(f"there is no place in {cohort.key} for {someone.person.name} any more")
    stays = []
    for stay in stays_now(someone.person):
        if stay.id == someone.stay_id:
            stay = replace(stay, waits=None, first=someone.first)
        stays.append(stay)
    outcome = settle_stays(
        someone.person,
        tuple(stays),
        SEATED,
        by=by,
        now=now,
    )
    _answer(offer, Answer.ACCEPTED, by=by, now=now)
    return outcome


def let_place_go(
    cohort: Cohort, patient_key: str, answer: Answer, *, by: str, now: datetime
) -> None:
    """Let a place go that was held for somebody: they declined, or the desk takes it back. They
    keep their place in line. Raises Conflict where none is held any more.
    """
    someone = _in_line(_line_in_turn(cohort, _today(now)), patient_key)
    _answer(_standing(someone, now), answer, by=by, now=now)


@dataclass(frozen=True, slots=True)
class Held:
    """A place that is held for somebody, and the first day they would have it."""

    offer: PlaceOffer
    first: date


def offers_held(patient: Person, now: datetime) -> list[Held]:
    """Return the places that are held for a patient at `now`, the one that lapses first first."""
    wanted = select(PlaceOffer, Cohort.starts).join(Cohort, Cohort.id == PlaceOffer.cohort_id)
    standing = wanted.where(
        PlaceOffer.patient_id == patient.id,
        PlaceOffer.answer.is_(None),
        PlaceOffer.ends_at > now,
    )
    today = _today(now)
    found = []
    for offer, starts in db.session.execute(standing.order_by(PlaceOffer.ends_at)):
        first = max(offer.first, starts, today)
        found.append(Held(offer, first))
    return found


def answer_own_offer(patient: Person, offer_id: str, answer: Answer, *, now: datetime) -> bool:
    """Let a patient take the place that is held for them, or decline it; return whether that is
    new. Raises Conflict where it is held no more.
    """
    offer = db.session.get(PlaceOffer, offer_id)
    if offer is None or offer.patient_id != patient.id:
        raise Conflict("no such place is held")
    cohort = db.session.get_one(Cohort, offer.cohort_id)
    _line_in_turn(cohort, _today(now))
    db.session.refresh(offer)
    if offer.answer is answer and offer.answered_by == patient.key:
        return False
    if answer is Answer.ACCEPTED:
        accept_place(cohort, patient.key, by=patient.key, now=now)
    else:
        let_place_go(cohort, patient.key, answer, by=patient.key, now=now)
    return True


def _answer(offer: PlaceOffer, answer: Answer, *, by: str, now: datetime) -> None:
    offer.answer = answer
    offer.answered_at = now
    offer.answered_by = by
    db.session.flush()
    _note(f"place.{answer}", offer, by=by, now=now)


def _note(deed: str, offer: PlaceOffer, *, by: str, now: datetime) -> None:
    about = {"cohort": offer.cohort_id, "until": offer.ends_at.isoformat()}
    audit.append(deed, f"person {offer.patient_id}", about, by=by, now=now)


def _standing(someone: InLine, now: datetime) -> PlaceOffer:
    offer = someone.offer
    if offer is None or not offer.stands(now):
        raise Conflict(f"no place is held for {someone.person.name} any more; offer it again")
    return offer


def _in_line(line: Line, patient_key: str) -> InLine:
    for someone in line.waiting:
        if someone.person.key == patient_key:
            return someone
    raise Conflict(f"{patient_key} does not wait for a place in {line.cohort.key} any more")


def _line_in_turn(cohort: Cohort, today: date) -> Line:
    """Return the line as it is once nobody else changes it, until the transaction ends."""
    db.session.execute(select(Cohort.id).where(Cohort.id == cohort.id).with_for_update())
    return line_of(cohort, today=today)


def _today(now: datetime) -> date:
    return now.astimezone(ZoneInfo(practice().zone)).date()
