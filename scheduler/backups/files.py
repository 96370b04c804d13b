"""The file of a copy: encrypted with a key of its own, written beside its place and moved there when it is whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import Engine

from scheduler.kernel.database import open_engine
from scheduler.kernel.errors import InputError, Misconfigured

_key: str | None = None


def use_key(key: str) -> None:
    """Take the key copies are encrypted with; done by the factory, once."""
    global _key
    _key = key


@contextmanager
def sealed(path: Path) -> Iterator[Engine]:
    """Open the encrypted file at `path`, made with mode 0600 when there is none; closing leaves one file and no log."""
    if _key is None:
        raise Misconfigured("copies have no key")
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = open_engine(f"sqlite:///{path}", _key)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def arriving(path: Path) -> Iterator[Path]:
    """Give a place beside `path` to write to; moved there, and on disk, only when nothing failed."""
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no such folder")
    part = path.with_name(f"{path.name}.part")
    _remove(part)
    try:
        yield part
        _to_disk(part)
        part.replace(path)
        _to_disk(path.parent)
    finally:
        _remove(part)


def copy_pages(source: Engine, target: Engine) -> None:
    """Copy one SQLite database over another, all or nothing, while others read and write (SQLite's backup API)."""
    giving, taking = source.raw_connection(), target.raw_connection()
    try:
        giving.driver_connection.backup(taking.driver_connection)  # type: ignore[union-attr]
    finally:
        giving.close()
        taking.close()


def _remove(path: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
