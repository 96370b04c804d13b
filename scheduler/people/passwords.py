"""Passwords: Argon2id at OWASP's floor, never more than two strangers' hashes at once and one of
those whose browser we know, equal work for accounts that are not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret_raw

from scheduler import audit
from scheduler.kernel.errors import InputError, KinfoldError
from scheduler.people.accounts.guessed_words import holds_own_word
from scheduler.people.accounts.most_used_passwords import is_most_used
from scheduler.people.browser_sessions import end_all
from scheduler.people.models import Person

SHORTEST = 12
"""Characters; there is no rule of which ones (NIST SP 800-63B 3.1.1.2, ASVS 5.0 6.2.1)."""
LONGEST = 128

_MEMORY = 19_456
_TIME = 2
_LANES = 1
_hasher = PasswordHasher(time_cost=_TIME, memory_cost=_MEMORY, parallelism=_LANES)
_nobody = _hasher.hash("nobody signs in with this")


class Lane:
    """Some that are hashed at once and some that wait for `patience` seconds at most: more would
    hold the threads that others need.
    """

    def __init__(self, at_once: int, in_all: int, patience: float) -> None:
        self.at_once = BoundedSemaphore(at_once)
        self.in_all = BoundedSemaphore(in_all)
        self.patience = patience


_strangers = Lane(2, 5, 2.0)
_own = Lane(1, 3, 10.0)
"""For browsers that an account was signed in with before: no flood of strangers is in their way."""

FULL = "too many people are signing in at once; try again in a moment"


class Busy(KinfoldError):
    """Two passwords are being checked already: try again in a moment."""


def is_right(password_hash: str | None, password: str, *, own: bool = False) -> bool:
    """True if the password fits; without a hash it costs the same and is wrong. Raises Busy.

    `own` says that it comes from a browser this account was signed in with before.
    """
    with _turn(own=own):
        try:
            right = _hasher.verify(password_hash or _nobody, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return right and bool(password_hash) and len(password) <= LONGEST


def set_password(person: Person, password: str, *, by: str, now: datetime) -> None:
    """Give a member of staff a password and end all their sign-ins. Raises InputError for nobody
    of staff or a password that is too short, too long, among the most used or holds a word that a
    guesser tries first here.
    """
    if person.clinician is None:
        raise InputError(f"{person.key} is not staff: patients and relatives sign in with a code")
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(f"the password must have {SHORTEST} to {LONGEST} characters")
    if len(set(password)) < 6:
        raise InputError("the password must not repeat itself")
    if holds_own_word(person, password):
        raise InputError(
            "the password must not hold the own address, the practice's name or a word for what "
            "staff do here"
        )
    if is_most_used(password):
        raise InputError("this password is one that everybody tries first: take several words")
    with _turn(own=True):
        person.clinician.password_hash = _hasher.hash(password)
    end_all(person, now=now)
    audit.append(
        "people.password",
        f"person {person.key}",
        {},
        by=by,
        now=now,
    )


def code_hash(code: str, salt: str, *, own: bool = False) -> str:
    """Return the 64 hexadecimal digits under which a short code is stored. Raises Busy."""
    with _turn(own=own):
        raw = hash_secret_raw(
            code.encode(),
            salt.encode(),
            _TIME,
            _MEMORY,
            _LANES,
            32,
            Type.ID,
        )
    return raw.hex()


@contextmanager
def _turn(*, own: bool = False) -> Iterator[None]:
    lane = _own if own else _strangers
    if not lane.in_all.acquire(blocking=False):
        raise Busy(FULL)
    try:
        if not lane.at_once.acquire(timeout=lane.patience):
            raise Busy(FULL)
        try:
            yield
        finally:
            lane.at_once.release()
    finally:
        lane.in_all.release()
