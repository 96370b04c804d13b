"""Passkeys of staff, patients and relatives: made, used, ended, each written down."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import token_hash
from scheduler.people.models import Person
from scheduler.people.proofs.challenge import Site, ends_at, is_open
from scheduler.people.proofs.models import Passkey, SpentChallenge
from scheduler.people.proofs.verify_passkey import (
    Answer,
    PasskeyRefused,
    check_new_key,
    check_use,
    read_answer,
)

MOST_PASSKEYS = 10
LONGEST_NAME = 64
REPLAYED = "its challenge was answered before"
COUNT_WENT_BACK = "its count of uses went back: there may be a copy of it"


@dataclass(frozen=True, slots=True)
class Door:
    """Where a passkey is shown: the site, the key of our challenges, and what they are for."""

    site: Site
    key: bytes
    about: str


def passkeys_of(person: Person) -> list[Passkey]:
    """Return the passkeys that stand for a person, the oldest first."""
    wanted = select(Passkey).where(Passkey.person_id == person.id, Passkey.ended_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Passkey.made_at, Passkey.id)))


def passkeys_by_host() -> dict[str, int]:
    """Return how many passkeys stand, by the name of the site they were made for."""
    count = func.count(Passkey.id)
    standing = select(Passkey.host, count).where(Passkey.ended_at.is_(None))
    found = {}
    for host, many in db.session.execute(standing.group_by(Passkey.host)):
        found[host] = many
    return found


def add_passkey(person: Person, document: str, name: str, door: Door, *, now: datetime) -> Passkey:
    """Let a passkey that was made just now stand for a person. Raises PasskeyRefused for what does
    not prove itself, InputError without a name or with too many.
    """
    called = " ".join(name.split())
    if not 0 < len(called) <= LONGEST_NAME:
        raise InputError(f"give it a name of at most {LONGEST_NAME} characters")
    if len(passkeys_of(person)) >= MOST_PASSKEYS:
        raise InputError(f"there are {MOST_PASSKEYS} already: end one that is not used")
    answer = read_answer(document)
    _require_open(answer, door, now)
    made = check_new_key(answer, door.site)
    if db.session.scalar(select(Passkey.id).where(Passkey.credential == made.credential)):
        raise PasskeyRefused("it is known here already")
    _spend(answer, now)
    row = Passkey(
        person_id=person.id,
        credential=made.credential,
        public_key=made.public_key,
        uses=made.uses,
        host=door.site.host,
        name=called,
        made_at=now,
    )
    db.session.add(row)
    db.session.flush()
    details = {"passkey": row.id}
    audit.append(
        "people.passkey",
        f"person {person.id}",
        details,
        by=person.key,
        now=now,
    )
    return row


def use_passkey(document: str, door: Door, *, now: datetime) -> Person:
    """Return whose passkey this is, when it proves itself; once a challenge. Raises
    PasskeyRefused.
    """
    answer = read_answer(document)
    known = select(Passkey).where(Passkey.credential == answer.credential)
    row = db.session.scalars(known).one_or_none()
    if row is None:
        raise PasskeyRefused("nobody here has it")
    try:
        return _whose(row, answer, door, now)
    except PasskeyRefused as refused:
        refused.person_id = row.person_id
        raise


def end_passkeys(
    person: Person, ids: Collection[str] | None = None, *, by: str, now: datetime
) -> int:
    """Let passkeys of a person (these ids; None: all) stand for them no longer; return how many."""
    theirs = update(Passkey).where(Passkey.person_id == person.id, Passkey.ended_at.is_(None))
    if ids is not None:
        theirs = theirs.where(Passkey.id.in_(ids))
    done = db.session.execute(theirs.values(ended_at=now))
    ended = int(getattr(done, "rowcount", 0))
    if ended:
        details = {"passkeys": ended}
        audit.append(
            "people.passkey_ended",
            f"person {person.id}",
            details,
            by=by,
            now=now,
        )
    return ended


def _whose(row: Passkey, answer: Answer, door: Door, now: datetime) -> Person:
    person = db.session.get(Person, row.person_id)
    if row.ended_at is not None or person is None:
        raise PasskeyRefused("it was ended")
    if person.clinician is not None and person.clinician.ended_at is not None:
        raise PasskeyRefused("the account is shut")
    if answer.user not in (None, person.id):
        raise PasskeyRefused("the device takes its owner for somebody else")
    _require_open(answer, door, now)
    uses = check_use(answer, door.site, row.public_key)
    _spend(answer, now)
    _count(row, uses, now)
    return person


def _require_open(answer: Answer, door: Door, now: datetime) -> None:
    if not is_open(
        answer.challenge,
        door.key,
        about=door.about,
        now=now,
    ):
        raise PasskeyRefused("its challenge is not ours, not for this browser, or too old")
    if db.session.get(SpentChallenge, _hashed(answer)) is not None:
        raise PasskeyRefused(REPLAYED)


def _spend(answer: Answer, now: datetime) -> None:
    """Let a challenge open nothing again, and forget those whose time is over."""
    db.session.execute(delete(SpentChallenge).where(SpentChallenge.ends_at < now))
    row = SpentChallenge(challenge_hash=_hashed(answer), ends_at=ends_at(answer.challenge))
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise PasskeyRefused(REPLAYED) from error


def _count(row: Passkey, uses: int, now: datetime) -> None:
    """Note a use; one row change decides of two at once. A device that counts never counts back
    (WebAuthn 3, 6.1.1).
    """
    counts_on = Passkey.uses < uses
    if uses == 0:
        counts_on = or_(counts_on, Passkey.uses == 0)
    noted = update(Passkey).where(
        Passkey.id == row.id,
        Passkey.ended_at.is_(None),
        counts_on,
    )
    done = db.session.connection().execute(noted.values(uses=uses, used_at=now))
    if done.rowcount != 1:
        raise PasskeyRefused(COUNT_WENT_BACK)


def _hashed(answer: Answer) -> str:
    return token_hash(answer.challenge.hex())
