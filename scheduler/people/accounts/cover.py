"""What is given for a time and ends by itself: who stands in for whom, a role beside the own."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, NotFound
from scheduler.kernel.untrusted.day_bounds import refuse_far
from scheduler.people.accounts.models import Cover, RoleTerm
from scheduler.people.accounts.role_names import Role
from scheduler.people.field_words import note_desk_word
from scheduler.people.models import Person
from scheduler.people.queries import person_in_turn, practice

ROLES_FOR_A_TIME, COVERED_BY = "roles_for_a_time", "covered_by"
"""What a clinic file calls them."""


def stands_for(person: Person, *, day: date) -> frozenset[str]:
    """Return the ids of the clinicians whose patients are this person's on a day: their own and
    those of whoever they cover.
    """
    wanted = select(Cover.away_id).where(
        Cover.covering_id == person.id,
        Cover.first <= day,
        Cover.last >= day,
    )
    return frozenset([person.id, *db.session.scalars(wanted)])


def cover(
    away: Person, covering: Person, *, first: date, last: date, by: str, now: datetime
) -> None:
    """Let a colleague stand in from the first day to the last. Raises InputError for no days, or
    such that lie too far away, for what stands in the same words, and for who is not staff.
    """
    if away.clinician is None or covering.clinician is None or away.id == covering.id:
        raise InputError("cover is between two members of staff")
    _refuse_days("cover", first, last, now)
    person_in_turn(away.key)  # two at once are one after the other
    for standing in covers_of([away]):
        if (standing.covering_id, standing.first, standing.last) == (covering.id, first, last):
            raise InputError(f"{covering.key} covers {away.key} from {first} until {last} already")
    row = Cover(
        away_id=away.id,
        covering_id=covering.id,
        first=first,
        last=last,
    )
    db.session.add(row)
    db.session.flush()
    note_desk_word(
        away,
        [COVERED_BY],
        by=by,
        now=now,
    )
    details = {"covering": covering.key, "first": first.isoformat(), "last": last.isoformat()}
    audit.append("people.cover", f"person {away.key}", details, by=by, now=now)


def covers_of(people: Iterable[Person]) -> list[Cover]:
    """Return who covers these people, the newest first."""
    ids = [person.id for person in people]
    wanted = select(Cover).where(Cover.away_id.in_(ids)).order_by(Cover.first.desc())
    return list(db.session.scalars(wanted))


def roles_on(person: Person, *, day: date) -> tuple[Role, ...]:
    """Return the roles that count for a member of staff on a day: their own, and those given for a
    time; () for anybody else.
    """
    if person.clinician is None:
        return ()
    own = person.clinician.roles
    also = {term.role for term in terms_of([person]) if term.first <= day <= term.last}
    return own + tuple(role for role in Role if role in also - set(own))


def terms_of(people: Iterable[Person]) -> list[RoleTerm]:
    """Return the roles that these people have for a time, over or not, the newest first."""
    ids = [person.id for person in people]
    wanted = select(RoleTerm).where(RoleTerm.person_id.in_(ids)).order_by(RoleTerm.first.desc())
    return list(db.session.scalars(wanted))


def give_role_for(
    person: Person, role: Role, *, first: date, last: date, by: str, now: datetime
) -> None:
    """Give a member of staff a role from the first day to the last, beside their own. Raises
    InputError for no days, or such that lie too far away, for a role they have anyway or in the
    same words already, and for who is not staff.
    """
    account = person.clinician
    if account is None or account.ended_at is not None:
        raise InputError(f"{person.key} has no open account")
    if role in account.roles:
        raise InputError(f"{person.key} is {role.value} without an end")
    _refuse_days("a role", first, last, now)
    person_in_turn(person.key)
    for standing in terms_of([person]):
        if (standing.role, standing.first, standing.last) == (role, first, last):
            raise InputError(f"{person.key} is {role.value} from {first} until {last} already")
    row = RoleTerm(
        person_id=person.id,
        role=role,
        first=first,
        last=last,
    )
    db.session.add(row)
    db.session.flush()
    _note("people.role_given_for", person, row, by, now)


def end_early(person: Person, row_id: str, *, by: str, now: datetime) -> None:
    """Let a cover or a role for a time be over before its last day. Raises NotFound where there is
    none of this id, or it is another's.
    """
    term = db.session.get(RoleTerm, row_id)
    standing = db.session.get(Cover, row_id)
    if term is not None and term.person_id == person.id:
        _note("people.role_taken_early", person, term, by, now)
        db.session.delete(term)
    elif standing is not None and standing.away_id == person.id:
        details = {"first": standing.first.isoformat(), "last": standing.last.isoformat()}
        audit.append("people.cover_ended", f"person {person.key}", details, by=by, now=now)
        note_desk_word(
            person,
            [COVERED_BY],
            by=by,
            now=now,
        )
        db.session.delete(standing)
    else:
        raise NotFound("there is nothing of theirs to end")
    db.session.flush()


def _refuse_days(what: str, first: date, last: date, now: datetime) -> None:
    """Raise InputError for days that are none, and for such that lie too far away."""
    if last < first:
        raise InputError(f"the last day of {what} lies before the first")
    today = practice().day_at(now)
    refuse_far(first, today)
    refuse_far(last, today)


def _note(deed: str, person: Person, row: RoleTerm, by: str, now: datetime) -> None:
    note_desk_word(
        person,
        [ROLES_FOR_A_TIME],
        by=by,
        now=now,
    )
    details = {
        "role": row.role.value,
        "first": row.first.isoformat(),
        "last": row.last.isoformat(),
    }
    audit.append(
        deed,
        f"person {person.key}",
        details,
        by=by,
        now=now,
    )
