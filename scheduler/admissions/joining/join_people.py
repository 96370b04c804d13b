"""Joining somebody who was entered twice: the second entry stays as a record that leads to the
first. Nothing is deleted, no consent is carried, and of both the stricter holds.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler import audit
from scheduler.admissions.joining.joined_body import one_body
from scheduler.admissions.joining.records_before import family_of
from scheduler.admissions.joining.why_not import barriers_before, grants_by_person, why_not
from scheduler.admissions.patient_facts import Facts, change_facts, facts_of
from scheduler.admissions.settle_stays import StayOutcome, cohort_runs, settle_stays, stays_now
from scheduler.admissions.stay_days import Runs, Stays
from scheduler.consents import add_barrier, revoke_grants
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people import (
    Contact,
    contact_of,
    decide_readiness,
    edit_contact,
    end_all,
    end_devices,
    end_passkeys,
    mark_hours,
    practice,
    standing_markings,
)
from scheduler.people.models import Person

STAYS_JOINED = "stay.joined"
DAY = timedelta(days=1)


@dataclass(slots=True)
class Joined:
    """What came of it: consents (ids) that ended, relatives who came over, those who stay with the
    record of before, what was kept out of the first as of the second, and what ended of the stays.
    """

    withdrawn: tuple[str, ...] = ()
    came: list[Person] = field(default_factory=list)
    stayed: list[Person] = field(default_factory=list)
    kept_out: int = 0
    stays: StayOutcome | None = None


def join_people(
    first: Person,
    second: Person,
    contact: Contact,
    facts: Facts | None = None,
    *,
    by: str,
    now: datetime,
) -> Joined:
    """Let `second` be a record of before that leads to `first`, who is reached by `contact` and, a
    patient, has these `facts`.

    Raises Conflict where it may not be done (`why_not` says why), InputError for what a form is
    refused for.
    """
    if why_not(first, second):
        raise Conflict("these two cannot be joined as they are now: look again")
    done = Joined()
    edit_contact(first, contact, by=by, now=now)
    if facts is not None:
        change_facts(first, facts, seen=facts_of(first), by=by, now=now)
    _carry_marked_hours(first, second, by=by, now=now)
    if first.relative is not None:
        _join_relatives(first, second, done, by=by, now=now)
    else:
        _join_patients(first, second, done, by=by, now=now)
    one_body(first, second, by=by, now=now)
    second.joined_into_id = first.id
    db.session.flush()
    end_all(second, now=now)
    end_devices(second, by=by, now=now)
    end_passkeys(second, by=by, now=now)
    about = {"into": first.id, "consents": len(done.withdrawn)}
    audit.append("people.joined", f"person {second.id}", about, by=by, now=now)
    return done


def _join_relatives(first: Person, second: Person, done: Joined, *, by: str, now: datetime) -> None:
    """End what the second might know, and keep the first out as the second was."""
    own = second.relative
    assert own is not None
    grants = grants_by_person([second]).get(second.id, ())
    standing = [grant for grant in grants if grant.revoked_at is None]
    if standing:
        revoke_grants(standing, by=by, now=now)
    done.withdrawn = tuple(grant.id for grant in standing)
    _no_more_ready(second, first, by=by, now=now)
    _carry_barriers((own.patient, second), (own.patient, first), done, by=by, now=now)


def _join_patients(first: Person, second: Person, done: Joined, *, by: str, now: datetime) -> None:
    """Bring over the relatives who were never granted anything, and end the second's stays."""
    _carry_barriers((second, None), (first, None), done, by=by, now=now)
    family = family_of(second)
    granted = grants_by_person(family)
    for person in family:
        own = person.relative
        assert own is not None
        if person.id in granted:
            done.stayed.append(person)
            continue
        own.patient = first
        db.session.flush()
        _no_more_ready(person, first, by=by, now=now)
        _carry_barriers((second, person), (first, person), done, by=by, now=now)
        done.came.append(person)
    today = now.astimezone(ZoneInfo(practice().zone)).date()
    before = stays_now(second)
    over = _only_before(before, today, cohort_runs())
    if over != before:
        done.stays = settle_stays(second, over, STAYS_JOINED, by=by, now=now)


def _only_before(stays: Stays, today: date, runs: Runs) -> Stays:
    """Return what of these stays is over before a day; who waits waits no longer."""
    found = []
    for stay in stays:
        begins = max(stay.first, runs[stay.cohort].starts)
        if begins >= today or stay.waits is not None:
            continue
        last = min(stay.last or date.max, today - DAY)
        if stay.last is None or stay.last > last:
            stay = replace(stay, last=last)
        found.append(stay)
    return tuple(found)


def _carry_barriers(
    before: tuple[Person, Person | None],
    after: tuple[Person, Person | None],
    done: Joined,
    *,
    by: str,
    now: datetime,
) -> None:
    """Keep a relative, or the whole family, out of the one as of the other; whose word it was, it
    stays.
    """
    patient, person = after
    known = {barrier.kind for barrier in barriers_before(patient, person)}
    was_theirs = before[1].key if before[1] else None
    for barrier in barriers_before(*before):
        if barrier.kind in known:
            continue
        asked_by = barrier.set_by
        if person is not None and asked_by == was_theirs:
            asked_by = person.key
        add_barrier(
            patient=patient,
            person=person,
            kind=barrier.kind,
            reason=barrier.reason,
            asked_by=asked_by,
            by=by,
            now=now,
        )
        done.kept_out += 1


def _carry_marked_hours(first: Person, second: Person, *, by: str, now: datetime) -> None:
    for marking in standing_markings([second])[second.id]:
        mark_hours(first, marking, by=by, now=now)


def _no_more_ready(person: Person, first: Person, *, by: str, now: datetime) -> None:
    own = person.relative
    if own is not None and own.ready:
        reason = f"joined: {first.key}"
        decide_readiness(person, ready=False, reason=reason, by=by, now=now)


def usual_contact(first: Person, second: Person) -> Contact:
    """Return how somebody is reached where nothing is chosen: as the first says, and where that is
    silent as the second does.
    """
    mine, theirs = contact_of(first), contact_of(second)
    return replace(
        mine,
        phone=mine.phone or theirs.phone,
        zone=mine.zone or theirs.zone,
        language=mine.language or theirs.language,
    )
