"""A lost telephone: one colleague asks for whoever lost it, another one confirms."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people.accounts.models import FactorLoss
from scheduler.people.accounts.totp import has_second_factor, reset_factor
from scheduler.people.models import Person
from scheduler.people.queries import practice

ASKING_LASTS = timedelta(days=1)


def ask_factor_reset(person: Person, by: Person, *, now: datetime) -> FactorLoss:
    """Ask that a colleague's lost second factor is taken from them; it stands for a day.

    Raises InputError for oneself, and for who has none.
    """
    if person.id == by.id:
        raise InputError("a colleague must ask for you")
    if person.clinician is None or not has_second_factor(person):
        raise InputError("there is no second factor to take away")
    standing = loss_of(person, now=now)
    if standing is not None:
        return standing
    row = FactorLoss(
        person_id=person.id,
        asked_by_id=by.id,
        asked_at=now,
        ends_at=now + ASKING_LASTS,
    )
    db.session.add(row)
    db.session.flush()
    audit.append(
        "people.factor_lost",
        f"person {person.key}",
        {},
        by=by.key,
        now=now,
    )
    return row


def confirm_factor_reset(person: Person, by: Person, *, now: datetime) -> None:
    """Take a lost second factor away, as somebody else asked. Raises InputError for whoever asked,
    for oneself, and where nobody asked within a day.
    """
    row = loss_of(person, now=now)
    if row is None:
        raise InputError("a colleague must ask for it first")
    if by.id in {row.asked_by_id, person.id}:
        raise InputError("somebody else must confirm what you asked for")
    row.confirmed_by_id = by.id
    row.confirmed_at = now
    reset_factor(person, by=by.key, now=now)


def loss_of(person: Person, *, now: datetime) -> FactorLoss | None:
    """Return what was asked for a person's lost second factor and waits for a second word."""
    return losses_of([person], now=now).get(person.id)


def losses_of(people: Iterable[Person], *, now: datetime) -> dict[str, FactorLoss]:
    """Return what was asked and waits, by the id of whose second factor is lost."""
    ids = [person.id for person in people]
    wanted = select(FactorLoss).where(
        FactorLoss.person_id.in_(ids),
        FactorLoss.confirmed_at.is_(None),
        FactorLoss.ends_at > now,
    )
    found = {}
    for row in db.session.scalars(wanted.order_by(FactorLoss.asked_at)):
        found[row.person_id] = row
    return found


def need_factor_from(day: date | None, *, by: str, now: datetime) -> None:
    """Let staff need a second factor from a day on; None: as the settings say."""
    practice().second_factor_from = day
    details = {"from": day.isoformat() if day else None}
    audit.append(
        "people.second_factor_from",
        "practice",
        details,
        by=by,
        now=now,
    )
