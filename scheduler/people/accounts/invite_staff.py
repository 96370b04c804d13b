"""Accounts of staff: invited, given roles, shut; and the link at which a password is chosen."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, text, update

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.kernel.ids import new_token, token_hash
from scheduler.kernel.mail_address import MOST, checked_form
from scheduler.people.accounts.models import PasswordLink
from scheduler.people.accounts.role_names import Role
from scheduler.people.browser_sessions import end_all
from scheduler.people.field_words import note_desk_word
from scheduler.people.models import Clinician, Person, PersonKind
from scheduler.people.passwords import set_password
from scheduler.people.proofs.passkeys import end_passkeys, passkeys_of
from scheduler.people.queries import people_by_address

INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(minutes=30)
ONE_LOCK = 0x726F6C65
"""One lock for all who change roles, so that one administrator stays."""


def staff_members() -> list[Person]:
    """Return everybody with an account of staff, by key."""
    wanted = select(Person).join(Clinician).order_by(Person.key)
    return list(db.session.scalars(wanted).unique())


def invite(email: str, roles: Iterable[Role], *, by: str, now: datetime) -> tuple[Person, str]:
    """Make an account of staff without a password and return it with the secret of its link.

    Raises InputError for what is no address or no role, Conflict for an address of staff.
    """
    given = tuple(dict.fromkeys(roles))
    if not given:
        raise InputError("name at least one role")
    address = _new_address(email.strip())
    local = address.partition("@")[0]
    person = Person(
        key=_free_key(local),
        kind=PersonKind.CLINICIAN,
        name=local.replace(".", " ").title(),
        email=address,
        free=(),
    )
    person.clinician = Clinician(
        roles=given,
        licences=(),
        buffer=10,
        away=(),
    )
    db.session.add(person)
    db.session.flush()
    note_desk_word(
        person,
        ["name", "email", "roles"],
        by=by,
        now=now,
    )
    details = {"roles": [role.value for role in given]}
    audit.append(
        "people.invited",
        f"person {person.key}",
        details,
        by=by,
        now=now,
    )
    return person, new_password_link(person, lasts=INVITATION_LASTS, now=now)


def invite_again(person: Person, *, by: str, now: datetime) -> str:
    """Return the secret of a new link to a first password, for a colleague who was made without
    one. Raises InputError for no open account, Conflict for who can sign in already.
    """
    account = person.clinician
    if account is None or account.ended_at is not None:
        raise InputError(f"{person.key} has no open account")
    if has_way_in(person):
        raise Conflict(f"{person.key} can sign in already")
    details = {"roles": [role.value for role in account.roles]}
    audit.append(
        "people.invited",
        f"person {person.key}",
        details,
        by=by,
        now=now,
    )
    return new_password_link(person, lasts=INVITATION_LASTS, now=now)


def has_way_in(person: Person) -> bool:
    """True if a member of staff has a password or a passkey to sign in with."""
    account = person.clinician
    if account is None or account.ended_at is not None:
        return False
    return account.password_hash is not None or bool(passkeys_of(person))


def _new_address(written: str) -> str:
    try:
        address = checked_form(written)
    except ValueError as error:
        raise InputError(f"{written[:MOST]}: {error}") from None
    if any(person.clinician is not None for person in people_by_address(address)):
        raise Conflict(f"{address} is staff already")
    return address


def change_roles(person: Person, roles: Iterable[Role], *, by: str, now: datetime) -> None:
    """Give a member of staff these roles. Raises InputError for no role, Conflict where nobody
    would be administrator any more.
    """
    given = tuple(dict.fromkeys(roles))
    if not given:
        raise InputError("name at least one role")
    clinician = _account_in_turn(person)
    if Role.ADMINISTRATOR not in given:
        _keep_an_administrator(person)
    clinician.roles = given
    db.session.flush()
    note_desk_word(
        person,
        ["roles"],
        by=by,
        now=now,
    )
    details = {"roles": [role.value for role in given]}
    audit.append(
        "people.roles",
        f"person {person.key}",
        details,
        by=by,
        now=now,
    )


def deactivate(person: Person, *, by: str, now: datetime) -> None:
    """Shut an account: nobody is signed in with it from the next request on. Raises Conflict for
    the last administrator's.
    """
    clinician = _account_in_turn(person)
    if clinician.ended_at is not None:
        return
    _keep_an_administrator(person)
    clinician.ended_at = now
    clinician.password_hash = None
    end_all(person, now=now)
    end_passkeys(person, by=by, now=now)
    _end_links(person, now=now)
    db.session.flush()
    audit.append(
        "people.deactivated",
        f"person {person.key}",
        {},
        by=by,
        now=now,
    )


def new_password_link(person: Person, *, lasts: timedelta, now: datetime) -> str:
    """Return the secret of a new link at which this person chooses a password; older ones end."""
    _end_links(person, now=now)
    secret = new_token()
    row = PasswordLink(
        person_id=person.id,
        token_hash=token_hash(secret),
        made_at=now,
        ends_at=now + lasts,
    )
    db.session.add(row)
    db.session.flush()
    return secret


def password_link_of(secret: str, *, now: datetime) -> Person | None:
    """Return whose link this is, None for one that was used, has ended or never was."""
    row = _living(secret, now=now)
    person = db.session.get(Person, row.person_id) if row else None
    if person is None or person.clinician is None or person.clinician.ended_at is not None:
        return None
    return person


def use_password_link(secret: str, password: str, *, now: datetime) -> Person | None:
    """Set the password by a link, which is spent; None where there is no such link. Raises
    InputError for a password that is none.
    """
    person = password_link_of(secret, now=now)
    row = _living(secret, now=now)
    if person is None or row is None:
        return None
    set_password(
        person,
        password,
        by=person.key,
        now=now,
    )
    row.used_at = now
    db.session.flush()
    return person


def _living(secret: str, *, now: datetime) -> PasswordLink | None:
    wanted = select(PasswordLink).where(
        PasswordLink.token_hash == token_hash(secret),
        PasswordLink.used_at.is_(None),
        PasswordLink.ends_at > now,
    )
    return db.session.scalars(wanted.with_for_update()).one_or_none()


def _end_links(person: Person, *, now: datetime) -> None:
    theirs = (PasswordLink.person_id == person.id, PasswordLink.used_at.is_(None))
    db.session.execute(update(PasswordLink).where(*theirs).values(used_at=now))


def administrators_in_turn() -> frozenset[str]:
    """Return the ids of whoever can look after the accounts, once nobody else changes one."""
    _take_turn()
    rows = select(Clinician).execution_options(populate_existing=True)
    found = set()
    for account in db.session.scalars(rows):
        if account.ended_at is None and Role.ADMINISTRATOR in account.roles:
            found.add(account.person_id)
    return frozenset(found)


def _take_turn() -> None:
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ONE_LOCK})


def _account_in_turn(person: Person) -> Clinician:
    """Return the account as it is once nobody else changes one. Raises InputError for no staff."""
    _take_turn()
    if person.clinician is None:
        raise InputError(f"{person.key} is not staff")
    db.session.refresh(person.clinician)
    return person.clinician


def _keep_an_administrator(person: Person) -> None:
    """Raise Conflict where nobody but this person can look after the accounts."""
    if administrators_in_turn() == {person.id}:
        raise Conflict(f"{person.key} is the last administrator: make another one first")


def _free_key(local: str) -> str:
    """Return a clinic key made of the part of an address before the @, that nobody has."""
    plain = re.sub("[^a-z0-9]+", "-", local.lower()).strip("-")[:50] or "staff"
    key, number = plain, 1
    while db.session.scalar(select(Person.id).where(Person.key == key)) is not None:
        number += 1
        key = f"{plain}-{number}"
    return key
