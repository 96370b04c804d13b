"""The file that keeps a key, changed so that a process may be killed at any moment: the next key is
on disk before anything is changed, and takes the old one's place at the end.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from scheduler.kernel.errors import Misconfigured
from scheduler.kernel.installation import cannot_write
from scheduler.kernel.keys.kept_keys import read_keys

NEXT = ".next"
"""Behind the name of the file: the key that is about to take its place."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Where a key is kept."""

    place: Path

    @property
    def coming(self) -> Path:
        """Return where the next key stands until it is the key."""
        return self.place.with_name(self.place.name + NEXT)

    def text(self) -> str:
        """Return what is kept now."""
        return self.place.read_text(encoding="utf-8")

    def write_down(self, text: str) -> None:
        """Write the next key down, for its owner alone, and on disk."""
        self.coming.unlink(missing_ok=True)
        descriptor = os.open(
            self.coming,
            os.O_WRONLY | os.O_CREAT | os.O_EXCL,
            0o600,
        )
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        self._folder_to_disk()

    def take_over(self) -> None:
        """Let the next key be the key."""
        self.coming.replace(self.place)
        self._folder_to_disk()

    def drop(self) -> None:
        """Forget the next key."""
        self.coming.unlink(missing_ok=True)

    def _folder_to_disk(self) -> None:
        descriptor = os.open(self.place.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def coming_key(place: Path | None) -> str | None:
    """Return the key that a change which was cut off left beside the one in force."""
    if place is None or not KeyFile(place).coming.is_file():
        return None
    coming = KeyFile(place).coming
    return read_keys(coming.read_text(encoding="utf-8"), of=str(coming)).newest or None


def made_on_first_use(place: Path, name: str) -> str:
    """Return the secret in a file of mode 0600, made now when there is none; `name` is its
    setting. Raises Misconfigured.
    """
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(
            place,
            os.O_WRONLY | os.O_CREAT | os.O_EXCL,
            0o600,
        )
    except FileExistsError:
        return place.read_text(encoding="ascii").strip()
    except OSError as error:
        raise Misconfigured(f"{cannot_write(place, error)}, or set {name}") from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return place.read_text(encoding="ascii").strip()


def put_in_place(place: Path, value: str) -> Path:
    """Keep a secret that was got back, the one before it under a name of its own."""
    half = place.with_name(f"{place.name}.half")
    half.touch(mode=0o600)
    half.write_text(value, encoding="ascii")
    if place.exists():
        place.replace(place.with_name(f"{place.name}.before"))
    half.replace(place)
    return place


def refuse_lost_key(key: Path, url: str) -> None:
    """Refuse to make a new key beside a database (`url`) that another one opens. Raises
    Misconfigured, and writes nothing.
    """
    name, _, _ = url.removeprefix("sqlite:///").partition("?")
    database = Path(name)
    has_key = key.is_file() and key.stat().st_size > 0
    if not has_key and database.is_file() and database.stat().st_size > 0:
        raise Misconfigured(
            f"DATABASE_KEY: {database} is there, but the key that opens it is not in {key}; put it "
            "back or set DATABASE_KEY. Nothing was written"
        )
