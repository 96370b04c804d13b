"""Tokens of the HTTP API: made, shown once, listed, revoked; who holds one, and how often it
calls.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hmac import compare_digest

from sqlalchemy import Date, bindparam, case, exists, select, update
from sqlalchemy.orm import lazyload

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError, NotFound
from scheduler.kernel.ids import new_token, token_hash
from scheduler.people.accounts.models import ApiToken, RoleTerm
from scheduler.people.accounts.token_scopes import Scope
from scheduler.people.models import Person, Practice

NAME = re.compile("[a-z0-9-]{1,64}")
SIGN = "kfa_"
"""What every token begins with, so that one is known where it must not stand."""
LONGEST = timedelta(days=366)
MINUTE = timedelta(minutes=1)
MOST_CALLS = 600
"""Calls a minute."""
TERM_TODAY = exists().where(
    RoleTerm.person_id == Person.id,
    bindparam("day", type_=Date).between(RoleTerm.first, RoleTerm.last),
)
HOLDER = (
    select(
        ApiToken,
        Person,
        select(Practice.second_factor_from).scalar_subquery(),
        TERM_TODAY.correlate(Person),
    )
    .join(Person, Person.id == ApiToken.person_id)
    .where(ApiToken.token_hash == bindparam("token_hash"))
    .options(lazyload(Person.patient), lazyload(Person.relative))
)
"""Made once, as every call asks it: the token, whom of staff it acts as, from when an administrator
wants a second factor, and whether roles given for a time count today.
"""
COUNT = (
    update(ApiToken)
    .where(ApiToken.id == bindparam("token_id"))
    .values(
        calls=case((ApiToken.minute == bindparam("now_is"), ApiToken.calls + 1), else_=1),
        minute=bindparam("now_is"),
    )
    .returning(ApiToken.calls)
)


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left of the calls of this minute; less than 0: one too many."""

    left: int
    seconds: int
    """Until the next minute begins."""
    most: int = MOST_CALLS


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """A token and whom of staff it acts as."""

    token: ApiToken
    person: Person
    factor_from: date | None
    """From when the practice wants a second factor of them; None: no day."""
    has_terms: bool
    """Whether roles given for a time count for them today."""


def make_api_token(
    name: str, person: Person, scopes: Iterable[Scope], *, lasts: timedelta, by: str, now: datetime
) -> str:
    """Make a token that may do what this member of staff may, within the scopes; return it, to be
    shown once.

    Raises InputError for a name that is none, no scope, a time that is none or over a year, and
    for who is no staff; Conflict for a name that is taken.
    """
    given = tuple(dict.fromkeys(scopes))
    _refuse_odd(name, person, given, lasts)
    taken = select(ApiToken.id).where(ApiToken.name == name)
    if db.session.scalar(taken) is not None:
        raise Conflict(f"there is a token with the name {name} already")
    secret = SIGN + new_token()
    row = ApiToken(
        name=name,
        token_hash=token_hash(secret),
        person_id=person.id,
        scopes=given,
        made_at=now,
        ends_at=now + lasts,
    )
    db.session.add(row)
    db.session.flush()
    details = {"as": person.key, "scopes": [scope.value for scope in given]}
    audit.append(
        "api.token",
        f"token {row.id}",
        details,
        by=by,
        now=now,
    )
    return secret


def _refuse_odd(name: str, person: Person, scopes: tuple[Scope, ...], lasts: timedelta) -> None:
    if not NAME.fullmatch(name):
        raise InputError(f"{name}: a name is up to 64 small letters, digits and hyphens")
    if not scopes:
        raise InputError("name at least one scope")
    if not timedelta() < lasts <= LONGEST:
        raise InputError(f"a token lasts 1 to {LONGEST.days} days")
    if person.clinician is None or person.clinician.ended_at is not None:
        raise InputError(f"{person.key} has no open account of staff")


def api_tokens() -> list[tuple[ApiToken, str]]:
    """Return every token with the key of whom it acts as, by name."""
    rows = select(ApiToken, Person.key).join(Person, Person.id == ApiToken.person_id)
    return [(token, key) for token, key in db.session.execute(rows.order_by(ApiToken.name))]


def revoke_api_token(name: str, *, by: str, now: datetime) -> bool:
    """End a token for good; False if it was revoked before. Raises NotFound."""
    row = db.session.scalars(select(ApiToken).where(ApiToken.name == name)).one_or_none()
    if row is None:
        raise NotFound(f"there is no token with the name {name}")
    if row.ended_at is not None:
        return False
    row.ended_at = now
    db.session.flush()
    audit.append(
        "api.token_revoked",
        f"token {row.id}",
        {},
        by=by,
        now=now,
    )
    return True


def token_holder(secret: str, *, now: datetime) -> TokenHolder | None:
    """Return a token that holds and whom it acts as; None for one that ended or never was, and
    where the account is shut.
    """
    wanted = token_hash(secret)
    asked = {"token_hash": wanted, "day": now.date()}
    found = db.session.execute(HOLDER, asked).unique().first()
    if found is None or not compare_digest(found[0].token_hash, wanted):
        return None
    row, person, factor_from, has_terms = found
    if row.ended_at is not None or now >= row.ends_at:
        return None
    if person.clinician is None or person.clinician.ended_at is not None:
        return None
    return TokenHolder(
        row,
        person,
        factor_from,
        bool(has_terms),
    )


def is_spent(token: ApiToken, *, now: datetime) -> bool:
    """True if the calls of this minute are used up, as far as the row that was read says."""
    minute = now.replace(second=0, microsecond=0)
    return token.minute == minute and token.calls >= MOST_CALLS


def count_call(token_id: str, *, now: datetime) -> Quota:
    """Count one more call of a token and return what is left of this minute's."""
    minute = now.replace(second=0, microsecond=0)
    said = {"token_id": token_id, "now_is": minute}
    calls = db.session.connection().execute(COUNT, said).scalar() or 0
    ahead = minute + MINUTE - now
    return Quota(MOST_CALLS - calls, max(1, round(ahead.total_seconds())))
