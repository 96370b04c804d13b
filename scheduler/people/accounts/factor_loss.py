"""A lost telephone: one colleague, or who has a shell, asks for whoever lost it; another one
confirms. Where nobody is left to confirm, the shell acts at once.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from scheduler import audit, tasks
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import new_id
from scheduler.people.accounts.cover import roles_on
from scheduler.people.accounts.invite_staff import has_way_in, staff_members
from scheduler.people.accounts.models import FactorLoss
from scheduler.people.accounts.role_table import Deed, Reach, may
from scheduler.people.accounts.totp import has_second_factor, reset_factor
from scheduler.people.models import Person
from scheduler.people.queries import practice

ASKING_LASTS = timedelta(days=1)
TASK = "factor_lost"
ASKED = (
    "Somebody with access to the server asked to take the second factor of {name} away. Ask {name} "
    "in person whether it is lost; then confirm it, within a day."
)
TAKEN = (
    "Somebody with access to the server took the second factor and the passkeys of {name} away; no "
    "other administrator could confirm it. Ask {name} whether they know."
)


class Reported(StrEnum):
    """What came of a loss that was reported from a shell."""

    NOTHING = "nothing to take"
    ASKED = "waits for an administrator"
    TAKEN = "taken at once"


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
    row = _new_loss(person, by, now)
    audit.append(
        "people.factor_lost",
        f"person {person.key}",
        {},
        by=by.key,
        now=now,
    )
    return row


def report_factor_lost(person: Person, *, operator: str, now: datetime) -> Reported:
    """Ask from a shell that somebody's lost second factor is taken from them, or take it at once
    where no other administrator could confirm; the record and a task say which.

    `operator` is the machine's name for who asks. Raises InputError for no staff.
    """
    if person.clinician is None:
        raise InputError(f"{person.key} is not staff")
    if not has_second_factor(person):
        return Reported.NOTHING
    if not who_could_confirm(person, now=now):
        _note_report(person, operator, Reported.TAKEN, now)
        reset_factor(person, by="command", now=now)
        return Reported.TAKEN
    if loss_of(person, now=now) is None:
        _new_loss(person, person, now)
        _note_report(person, operator, Reported.ASKED, now)
    return Reported.ASKED


def who_could_confirm(person: Person, *, now: datetime) -> list[Person]:
    """Return the other administrators who can sign in: with a way in, and not waiting for a word
    themselves, so that two who lost theirs do not wait for each other.
    """
    others = []
    for colleague in staff_members():
        if colleague.id == person.id or not has_way_in(colleague):
            continue
        if may(roles_on(colleague, day=now.date()), Deed.ACCOUNTS, Reach.OTHER):
            others.append(colleague)
    waiting = losses_of(others, now=now)
    return [colleague for colleague in others if colleague.id not in waiting]


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
    tasks.finish_matter(f"{TASK}:{row.id}", by=by.key, now=now)
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


def _new_loss(person: Person, by: Person, now: datetime) -> FactorLoss:
    row = FactorLoss(
        person_id=person.id,
        asked_by_id=by.id,
        asked_at=now,
        ends_at=now + ASKING_LASTS,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _note_report(person: Person, operator: str, reported: Reported, now: datetime) -> None:
    """Write down who asked at the machine and what came of it, and let colleagues know."""
    details = {"operator": operator, "done": reported.value}
    audit.append(
        "people.factor_lost",
        f"person {person.key}",
        details,
        by="command",
        now=now,
    )
    standing = loss_of(person, now=now)
    matter = new_id() if standing is None else standing.id
    words = TAKEN if reported is Reported.TAKEN else ASKED
    tasks.raise_task(
        TASK,
        f"{TASK}:{matter}",
        words.format(name=person.name),
        about_id=person.id,
        leads_to="accounts:",
        now=now,
    )
