"""The recovery key: a head before a copy, in which the SECRET_KEY it was made under and those
before it are encrypted to age keys (age-encryption.org/v1), so that who lost them has not lost
every copy.

What follows the head is a copy as any other, and opens with its SECRET_KEY alone, too.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from scheduler.kernel.errors import InputError
from scheduler.kernel.installation import has_extra, how_to_add

MARK = b"kinfold copy with a head 1\n"
LENGTH = 8
"""Digits of the head's length in bytes, which follow the mark."""
MOST_HEAD = 65_536
MOST_IDENTITY = 65_536


@dataclass(frozen=True)
class Recovery:
    """The secret that a copy is made under, those before it a line each below, and who shall be
    able to have them back.
    """

    secret: str
    recipients: tuple[Any, ...]


def recovery(secret: str, keys: Sequence[str]) -> Recovery | None:
    """Return to whom a secret is encrypted, None for nobody. Raises InputError for what is no age
    recipient.
    """
    if not keys:
        return None
    pyrage = _age("--recipient")
    recipients = []
    for key in keys:
        try:
            recipients.append(pyrage.x25519.Recipient.from_str(key.strip()))
        except pyrage.RecipientError as error:
            raise InputError(f"--recipient: {key} is no age key; want age1…") from error
    return Recovery(secret, tuple(recipients))


def _age(option: str) -> ModuleType:
    """Return the library of age. Raises InputError where it is not installed."""
    if not has_extra("age"):
        raise InputError(f"{option}: age is not installed here: {how_to_add('age')}")
    import pyrage  # an extra: a copy without a recovery key is made without it

    module: ModuleType = pyrage
    return module


def put_head(path: Path, known: Recovery) -> None:
    """Put a head before the copy at `path`."""
    head = _age("--recipient").encrypt(known.secret.encode(), list(known.recipients))
    whole = path.with_name(f"{path.name}.head")
    try:
        with whole.open("xb") as file, path.open("rb") as body:
            whole.chmod(0o600)
            file.write(MARK + b"%0*d" % (LENGTH, len(head)) + head)
            shutil.copyfileobj(body, file)
        whole.replace(path)
    finally:
        whole.unlink(missing_ok=True)


@contextmanager
def without_head(path: Path) -> Iterator[Path]:
    """Yield the copy at `path` without a head: itself where it has none. Raises InputError for a
    damaged head.
    """
    with path.open("rb") as file:
        head = _head(file, path)
        if head is None:
            yield path
            return
        with tempfile.TemporaryDirectory(prefix="kinfold-copy-") as folder:
            body = Path(folder) / "copy.db"
            with body.open("xb") as target:
                shutil.copyfileobj(file, target)
            yield body


def recovered_secret(path: Path, identity: Path) -> str:
    """Return the SECRET_KEY that the copy at `path` was made under, and the lines of those before
    it, by an age identity file. Raises InputError.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    with path.open("rb") as file:
        head = _head(file, path)
    if head is None:
        raise InputError(
            f"{path}: was made without --recipient; it opens with its SECRET_KEY alone"
        )
    pyrage = _age("--identity")
    identities = _identities(identity)
    try:
        secret: bytes = pyrage.decrypt(head, identities)
    except pyrage.DecryptError as error:
        raise InputError(f"{identity}: opens no head of {path}") from error
    return secret.decode()


def _head(file: BinaryIO, path: Path) -> bytes | None:
    """Read the head and leave the file where the copy begins; None where there is none."""
    if file.read(len(MARK)) != MARK:
        return None
    digits = file.read(LENGTH)
    length = int(digits) if digits.isdigit() else MOST_HEAD + 1
    head = file.read(length) if length <= MOST_HEAD else b""
    if len(head) != length:
        raise InputError(f"{path}: damaged: its head is not whole")
    return head


def _identities(path: Path) -> list[Any]:
    """Read a file of age identities, as age-keygen writes it."""
    try:
        with path.open(encoding="ascii") as file:
            lines = file.read(MOST_IDENTITY).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"--identity: {path} cannot be read as an age identity") from error
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    pyrage = _age("--identity")
    try:
        return [pyrage.x25519.Identity.from_str(word) for word in words]
    except pyrage.IdentityError as error:
        raise InputError(f"--identity: {path} holds no age identity") from error
