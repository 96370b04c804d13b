"""Another key for the database's file, and who else has the database open meanwhile."""

from collections.abc import Sequence
from pathlib import Path
from time import sleep

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.url import make_url

from scheduler.kernel.database import key_bytes
from scheduler.kernel.errors import Conflict, Misconfigured

OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
# PostgreSQL shows a connection for a moment after its program has closed it: look again so often,
# a tenth of a second apart.
LOOKS = 20
STOP = "stop web and worker first; nothing was changed"


def key_that_opens(url: str, keys: Sequence[str]) -> str:
    """Return the first of `keys` that opens the file; the first of all where none does or there
    is no file.
    """
    path = make_url(url).database or ""
    if not Path(path).is_file():
        return keys[0]
    for key in keys:
        try:
            _opened(path, key).close()
        except sqlcipher.DatabaseError:
            continue
        return key
    return keys[0]


def refuse_company(connection: Connection) -> None:
    """Refuse while another process has the database open. Raises Conflict.

    On SQLite this line lets go of the file and asks for it alone; nobody is in the way of whoever
    comes afterwards.
    """
    if connection.dialect.name != "postgresql":
        return
    for _look in range(LOOKS):
        others = connection.execute(text(OTHERS)).scalar_one()
        if not others:
            return
        sleep(0.1)
        # What one transaction has read of who is there stays as it was until it is told otherwise.
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
    raise Conflict(f"{others} other connections to the database: {STOP}")


def change_file_key(url: str, old: str, new: str) -> None:
    """Write the whole file anew under another key, all or nothing: a process killed meanwhile
    leaves the file as it was. Raises Conflict while somebody else has it open.
    """
    path = make_url(url).database or ""
    file = _alone(path, old)
    try:
        file.execute(f"PRAGMA rekey=\"x'{key_bytes(new)}'\"")
    finally:
        file.close()
    file = _opened(path, new)
    try:
        faults = [row[0] for row in file.execute("PRAGMA cipher_integrity_check")]
        file.execute("PRAGMA journal_mode=WAL")
    finally:
        file.close()
    if faults:
        raise Misconfigured(f"DATABASE_KEY: the file did not take its new key ({faults[0]})")


def refuse_others_in_file(url: str, key: str) -> None:
    """Refuse while another process has the file open. Raises Conflict."""
    file = _alone(make_url(url).database or "", key)
    file.execute("PRAGMA journal_mode=WAL")
    file.close()


def _alone(path: str, key: str) -> sqlcipher.Connection:
    """Open the file for this line alone: it can leave its log only when nobody else reads it."""
    file = _opened(path, key)
    try:
        mode = file.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlcipher.OperationalError:
        mode = "wal"
    if mode != "delete":
        file.close()
        raise Conflict(f"another process has the database open: {STOP}")
    file.execute("PRAGMA synchronous=FULL")
    return file


def _opened(path: str, key: str) -> sqlcipher.Connection:
    if not Path(path).exists():
        raise Misconfigured(f"DATABASE_URL: there is no file {path}")
    file = sqlcipher.connect(path, isolation_level=None, timeout=1)
    try:
        file.execute(f"PRAGMA key=\"x'{key_bytes(key)}'\"")
        file.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError:
        file.close()
        raise
    return file
