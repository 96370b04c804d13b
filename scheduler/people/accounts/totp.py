"""The second factor of staff: codes of a telephone (RFC 6238), none twice, and recovery codes."""

import secrets
from datetime import datetime
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm.attributes import flag_modified

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.people.accounts.models import RecoveryCode, SecondFactor
from scheduler.people.browser_sessions import end_all
from scheduler.people.models import Person
from scheduler.people.proofs.passkeys import end_passkeys, passkeys_of

STEP = 30
"""Seconds that a code lasts."""
DRIFT = 1
"""Steps by which a telephone's clock may be off, either way."""
RECOVERY_CODES = 8
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What recovery codes are made of: nothing that is misread."""
GROUPS, GROUP = 6, 4
"""118 bits: so many that a plain hash of a code tells nothing of it (ASVS 5.0 6.5.2)."""


def factor_of(person: Person) -> SecondFactor | None:
    """Return the second factor that counts for a person, None before one was confirmed."""
    row = db.session.get(SecondFactor, person.id)
    if row is not None and row.confirmed_at is not None:
        return row
    return None


def has_second_factor(person: Person) -> bool:
    """True if a password alone does not sign a person in: they have a confirmed telephone or a
    passkey.
    """
    return factor_of(person) is not None or bool(passkeys_of(person))


def new_factor(person: Person, *, now: datetime) -> SecondFactor:
    """Return the factor that waits for its first code, made now where there is none."""
    row = db.session.get(SecondFactor, person.id)
    if row is None:
        secret = pyotp.random_base32()
        row = SecondFactor(
            person_id=person.id,
            sealed=secret,
            last_step=0,
            made_at=now,
        )
        db.session.add(row)
        db.session.flush()
    return row


def provisioning_address(person: Person, row: SecondFactor, *, issuer: str) -> str:
    """Return what a telephone reads to know the secret (otpauth)."""
    return pyotp.TOTP(row.secret).provisioning_uri(name=person.email, issuer_name=issuer)


def confirm_factor(person: Person, code: str, *, now: datetime) -> list[str] | None:
    """Let the factor count from its first right code on and return the recovery codes, which are
    never shown again; None for a wrong code or a factor that counts already.
    """
    row = db.session.get(SecondFactor, person.id)
    if row is None or row.confirmed_at is not None or not _take_step(row, code, now=now):
        return None
    row.confirmed_at = now
    made = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    for recovery in made:
        hashed = token_hash(_plain(recovery))
        db.session.add(RecoveryCode(person_id=person.id, code_hash=hashed))
    db.session.flush()
    audit.append(
        "people.second_factor",
        f"person {person.key}",
        {},
        by=person.key,
        now=now,
    )
    return made


def is_right_code(person: Person, code: str, *, now: datetime) -> bool:
    """True if this is the telephone's code now, or a recovery code; either counts once."""
    row = factor_of(person)
    if row is None:
        return False
    said = _plain(code)
    return _take_step(row, said, now=now) or _take_recovery(person, said, now=now)


def reset_factor(person: Person, *, by: str, now: datetime) -> None:
    """Take the second factor from a person who lost it, their passkeys too, and sign them out
    everywhere.
    """
    db.session.execute(delete(SecondFactor).where(SecondFactor.person_id == person.id))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    end_passkeys(person, by=by, now=now)
    end_all(person, now=now)
    audit.append(
        "people.second_factor_reset",
        f"person {person.key}",
        {},
        by=by,
        now=now,
    )


def codes_of_telephones(*, now: datetime) -> dict[str, str]:
    """Return by a person's id the code that their telephone shows now: for the demo alone, where
    nobody has one.
    """
    codes = {}
    for row in db.session.scalars(select(SecondFactor)):
        codes[row.person_id] = pyotp.TOTP(row.secret).at(now)
    return codes


def sealed_secrets() -> int:
    """Count the secrets that `seal_secrets` would seal."""
    return db.session.scalar(select(func.count()).select_from(SecondFactor)) or 0


def seal_secrets() -> int:
    """Seal every secret with the newest key, also one that stood open; return how many."""
    rows = list(db.session.scalars(select(SecondFactor)))
    for row in rows:
        secret, row.plain = row.secret, ""
        row.sealed = secret
        flag_modified(row, "sealed")
    db.session.flush()
    return len(rows)


def _new_recovery_code() -> str:
    signs = [secrets.choice(SIGNS) for _ in range(GROUPS * GROUP)]
    groups = ["".join(signs[at : at + GROUP]) for at in range(0, len(signs), GROUP)]
    return "-".join(groups)


def _plain(code: str) -> str:
    """Return a code as it is compared: however it was typed off."""
    return code.replace(" ", "").replace("-", "").strip().lower()


def _take_step(row: SecondFactor, code: str, *, now: datetime) -> bool:
    """Take the step of a right code that is newer than any taken; one row change decides."""
    current = int(now.timestamp()) // STEP
    reader = pyotp.TOTP(row.secret)
    for step in range(current - DRIFT, current + DRIFT + 1):
        if not compare_digest(reader.at(step * STEP).encode(), code.encode()):
            continue
        newer = (SecondFactor.person_id == row.person_id, SecondFactor.last_step < step)
        taken = update(SecondFactor).where(*newer).values(last_step=step)
        if db.session.connection().execute(taken).rowcount == 1:
            return True
    return False


def _take_recovery(person: Person, code: str, *, now: datetime) -> bool:
    theirs = (
        RecoveryCode.person_id == person.id,
        RecoveryCode.code_hash == token_hash(code),
        RecoveryCode.used_at.is_(None),
    )
    found = db.session.scalars(select(RecoveryCode.id).where(*theirs)).first()
    if found is None:
        return False
    taken = update(RecoveryCode).where(*theirs).values(used_at=now)
    return db.session.connection().execute(taken).rowcount == 1
