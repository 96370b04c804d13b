"""A copy with a head: who lost SECRET_KEY has it back by a recovery key, and nobody else has."""

from pathlib import Path

import pyrage
import pytest

from household import NOW, Household
from scheduler import backups
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError

SECRET = "a secret of the tests"


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    """A recovery key, as age-keygen writes it."""
    key = pyrage.x25519.Identity.generate()
    path = tmp_path / "recovery.txt"
    path.write_text(f"# created: today\n# public key: {key.to_public()}\n{key}\n")
    return path


def public(identity: Path) -> str:
    """Return the public half of a recovery key."""
    return identity.read_text().splitlines()[1].removeprefix("# public key: ")


@pytest.fixture
def copy(sqlite_home: Household, identity: Path, tmp_path: Path) -> Path:
    """A copy for the holder of the recovery key."""
    db.session.commit()
    path = tmp_path / "copy.kinfold"
    known = backups.recovery(SECRET, [public(identity)])
    backups.make(db.engine, path, now=NOW, recovery=known)
    return path


def test_copy_with_a_head_opens_with_its_secret_as_any_other(copy: Path) -> None:
    assert backups.check(copy).made_at == NOW
    assert copy.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in copy.parent.glob("copy*")) == ["copy.kinfold"]


def test_copy_with_a_head_is_replaced_by_the_next(copy: Path) -> None:
    backups.make(db.engine, copy, now=NOW)

    with pytest.raises(InputError, match="was made without --recipient"):
        backups.recovered_secret(copy, copy)


def test_recovery_key_gives_the_secret_back(copy: Path, identity: Path) -> None:
    assert backups.recovered_secret(copy, identity) == SECRET
    assert SECRET.encode() not in copy.read_bytes()


def test_other_key_opens_no_head(copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()))

    with pytest.raises(InputError, match=r"other\.txt: opens no head of"):
        backups.recovered_secret(copy, other)


def test_file_that_is_no_key_is_named(copy: Path) -> None:
    with pytest.raises(InputError, match="cannot be read as an age identity"):
        backups.recovered_secret(copy, copy)


@pytest.mark.parametrize("kept", [40, 200])
def test_cut_head_is_damage(copy: Path, identity: Path, kept: int) -> None:
    copy.write_bytes(copy.read_bytes()[:kept])

    with pytest.raises(InputError, match="damaged: its head is not whole"):
        backups.recovered_secret(copy, identity)


def test_recipient_that_is_no_key_is_named_before_anything_is_written() -> None:
    with pytest.raises(InputError, match=r"^--recipient: age1nonsense is no age key; want age1…$"):
        backups.recovery(SECRET, ["age1nonsense"])
