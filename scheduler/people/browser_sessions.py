"""Signed-in browsers: rows of the database behind a random cookie, with an idle and an absolute
end.
"""

from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import select, update

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_token, token_hash
from scheduler.people.models import Person, SignIn

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
PROOF_LASTS = timedelta(minutes=5)
"""How long a proof of who is there stands for what needs one."""
SEEN_EVERY = timedelta(minutes=1)
"""How often being seen is written down."""


def begin_sign_in(person: Person, *, now: datetime) -> str:
    """Sign a person in; give the cookie's secret, which is stored only as its hash."""
    secret = new_token()
    row = SignIn(
        token_hash=token_hash(secret),
        person_id=person.id,
        began_at=now,
        seen_at=now,
        proved_at=now,
        ends_at=now + ABSOLUTE,
    )
    db.session.add(row)
    db.session.flush()
    audit.append(
        "people.sign_in",
        f"person {person.key}",
        {},
        by=person.key,
        now=now,
    )
    return secret


def signed_in(secret: str, *, now: datetime) -> tuple[Person, SignIn] | None:
    """Return who holds this secret, when it has neither ended nor been idle for too long."""
    wanted = token_hash(secret)
    row = db.session.scalars(select(SignIn).where(SignIn.token_hash == wanted)).one_or_none()
    if row is None or not compare_digest(row.token_hash, wanted):
        return None
    if row.ended_at is not None or now >= row.ends_at or now >= row.seen_at + IDLE:
        return None
    person = db.session.get(Person, row.person_id)
    if person is None or (person.clinician is not None and person.clinician.ended_at is not None):
        return None
    return person, row


def seen(row_id: str, *, now: datetime) -> None:
    """Write down that a signed-in browser was here."""
    db.session.execute(
        update(SignIn)
        .where(
            SignIn.id == row_id,
            SignIn.ended_at.is_(None),
        )
        .values(seen_at=now)
    )


def has_proved_lately(secret: str, *, now: datetime) -> bool:
    """True if whoever holds this secret proved who they are within five minutes."""
    known = SignIn.token_hash == token_hash(secret)
    proved_at = db.session.scalar(select(SignIn.proved_at).where(known, SignIn.ended_at.is_(None)))
    return proved_at is not None and now < proved_at + PROOF_LASTS


def note_proof(secret: str, *, now: datetime) -> str:
    """Write down that whoever holds this secret has just proved who they are; return the secret
    that they hold from now on: the one before means nothing any more.
    """
    fresh = new_token()
    known = SignIn.token_hash == token_hash(secret)
    renewed = update(SignIn).where(known, SignIn.ended_at.is_(None))
    db.session.execute(renewed.values(proved_at=now, token_hash=token_hash(fresh)))
    return fresh


def end_sign_in(secret: str, *, now: datetime) -> None:
    """Sign out; a secret that means nothing is no error."""
    known = SignIn.token_hash == token_hash(secret)
    db.session.execute(update(SignIn).where(known, SignIn.ended_at.is_(None)).values(ended_at=now))


def end_all(person: Person, *, now: datetime) -> None:
    """Sign a person out everywhere."""
    theirs = SignIn.person_id == person.id
    db.session.execute(update(SignIn).where(theirs, SignIn.ended_at.is_(None)).values(ended_at=now))


def end_others(person: Person, secret: str, *, now: datetime) -> None:
    """Sign a person out everywhere but where this secret is held."""
    theirs = (SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    others = update(SignIn).where(*theirs, SignIn.token_hash != token_hash(secret))
    db.session.execute(others.values(ended_at=now))


def end_everybody(*, by: str, now: datetime) -> int:
    """Sign everybody out everywhere; return how many sign-ins have ended."""
    open_ones = (SignIn.ended_at.is_(None), SignIn.ends_at > now)
    ended = db.session.connection().execute(update(SignIn).where(*open_ones).values(ended_at=now))
    audit.append(
        "sign_out",
        "everybody",
        {"what": "all"},
        by=by,
        now=now,
    )
    return ended.rowcount


def sign_out_everywhere(person: Person, *, by: str, now: datetime) -> None:
    """End all sign-ins of somebody else, and write down who did."""
    end_all(person, now=now)
    audit.append(
        "sign_out",
        f"person {person.id}",
        {"what": "all"},
        by=by,
        now=now,
    )


def sign_ins_of(person: Person, *, now: datetime) -> list[SignIn]:
    """Return where a person is signed in, the newest first."""
    wanted = (
        select(SignIn)
        .where(
            SignIn.person_id == person.id,
            SignIn.ended_at.is_(None),
            SignIn.ends_at > now,
            SignIn.seen_at > now - IDLE,
        )
        .order_by(SignIn.began_at.desc())
    )
    return list(db.session.scalars(wanted))


def end_one(person: Person, row_id: str, *, now: datetime) -> None:
    """Sign a person out in one browser; another's, or one that has ended, is no error."""
    theirs = (SignIn.person_id == person.id, SignIn.id == row_id, SignIn.ended_at.is_(None))
    db.session.execute(update(SignIn).where(*theirs).values(ended_at=now))
