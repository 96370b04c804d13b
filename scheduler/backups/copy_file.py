"""The file of a copy: encrypted with a key of its own, written beside its place and moved there
when it is whole.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy.engine import Engine

from scheduler.kernel.database import open_engine
from scheduler.kernel.errors import InputError, Misconfigured
from scheduler.kernel.keys.change_key import key_that_opens

TAILS = ("", "-wal", "-shm")
"""What an SQLite database is: its file, and the log and index of what is not yet in it."""
_key: str | None = None
_house_key: str | None = None
_former: tuple[str, ...] = ()


def use_key(key: str, house_key: str, *, former: Sequence[str] = ()) -> None:
    """Take the key copies are encrypted with, the database's own, and those that copies of before
    were made with; done by the factory, once.
    """
    global _key, _house_key, _former
    _former = tuple(former)
    _key = key
    _house_key = house_key


def sealed(path: Path) -> AbstractContextManager[Engine]:
    """Open the copy at `path`, made with mode 0600 when there is none; closing leaves one file and
    no log.
    """
    return _opened(path, _key if _key is None else _key_of(path, _key))


def as_the_house(path: Path) -> AbstractContextManager[Engine]:
    """Open a file that is to be the database, with its key; otherwise the same."""
    return _opened(path, _house_key)


def _key_of(path: Path, key: str) -> str:
    """Return the key that a copy was made with: ours, unless one of before opens it."""
    if not _former or not path.is_file() or not path.stat().st_size:
        return key
    return key_that_opens(f"sqlite:///{path}", (key, *_former))


@contextmanager
def _opened(path: Path, key: str | None) -> Iterator[Engine]:
    if key is None:
        raise Misconfigured("copies have no key")
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = open_engine(f"sqlite:///{path}", key)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def arriving(path: Path) -> Iterator[Path]:
    """Return a place beside `path` to write to; moved there, and on disk, only when nothing
    failed. Raises InputError where nothing can be written.
    """
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no such folder")
    part = path.with_name(f"{path.name}.part")
    try:
        _remove(part)
        part.touch(mode=0o600)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error
    try:
        yield part
        _to_disk(part)
        part.replace(path)
        _to_disk(path.parent)
    finally:
        _remove(part)


def keep_beside(place: Path, stamp: str) -> Path:
    """Return what is at `place` a second name and leave it there; give that name. Only its log
    stays behind under it.

    The log must be gone before another database takes the place: SQLite would read it into that
    one.
    """
    names = (
        place.with_name(f"{place.name}.{stamp}{tail}")
        for tail in ("", *(f".{number}" for number in range(2, 100)))
    )
    kept = next(name for name in names if not name.exists())
    for tail in reversed(TAILS):
        there = place.with_name(place.name + tail)
        name = kept.with_name(kept.name + tail)
        if there.exists():
            _name_twice(there, name)
    _to_disk(place.parent)
    for tail in TAILS[1:]:
        place.with_name(place.name + tail).unlink(missing_ok=True)
    return kept


def _name_twice(there: Path, name: Path) -> None:
    try:
        os.link(there, name)
    except OSError:  # a disk that knows no second names
        shutil.copy2(there, name)
        _to_disk(name)


def copy_pages(source: Engine, target: Engine) -> None:
    """Copy one SQLite database over another, all or nothing, while others read and write (SQLite's
    backup API).
    """
    giving = source.raw_connection()
    taking = target.raw_connection()
    try:
        giving.driver_connection.backup(taking.driver_connection)  # type: ignore[union-attr]
    finally:
        giving.close()
        taking.close()


def _remove(path: Path) -> None:
    for tail in TAILS:
        path.with_name(path.name + tail).unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
