"""Nobody and no room in two sessions at once: what the database refuses is asked for early, and
said in a sentence.
"""

from sqlalchemy import exists, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.kernel.schema.migrate import migration_sql
from scheduler.kernel.schema.trigger_drift import drifted
from scheduler.people.models import Person
from scheduler.sessions.models import Engagement, Session

ONE_AT_A_TIME = "ex_engagements_one_at_a_time"
DEFINITION = (
    "EXCLUDE USING gist (one_word((what)::text, (what)::text, '[]'::text) WITH &&, "
    "tstzrange(starts_at, ends_at) WITH &&) DEFERRABLE INITIALLY DEFERRED"
)
CROSSED = "40P01"
"""PostgreSQL's word for two that wait for each other: one of them is told to give way."""
FASTER = (
    "somebody else booked the same people or room at this moment; nothing was changed, look "
    "at it anew"
)


def loosened_booking_rules(connection: Connection) -> list[str]:
    """Name what keeps two sessions apart and is missing or other than migration 0035 wrote it."""
    found = drifted(
        connection,
        migration_sql(
            "0035_one_human",
            connection.dialect.name,
        ),
    )
    if connection.dialect.name == "postgresql":
        standing = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"
        if (
            connection.scalar(
                text(standing),
                {"name": ONE_AT_A_TIME},
            )
            != DEFINITION
        ):
            found.append(f"constraint {ONE_AT_A_TIME}")
    return found


def refuse_double_booking() -> None:
    """Refuse what this transaction has written when it leaves anybody or a room in two sessions at
    once.

    Waits for whoever writes the same at this moment. The deed that calls it last, after sessions
    changed places, gives its caller a Conflict with a sentence instead of a commit that fails.
    """
    db.session.flush()
    if db.engine.dialect.name == "sqlite":
        if db.session.scalar(select(exists().where(Engagement.clash.is_not(None)))):
            raise Conflict(_both())
        return
    try:
        with db.session.begin_nested():
            db.session.execute(text(f"SET CONSTRAINTS {ONE_AT_A_TIME} IMMEDIATE"))
        db.session.execute(text(f"SET CONSTRAINTS {ONE_AT_A_TIME} DEFERRED"))
    except DBAPIError as error:
        if not is_double_booking(error):
            raise
        raise Conflict(_both()) from error


def is_double_booking(error: DBAPIError) -> bool:
    """True if PostgreSQL refused two sessions at once, or one of two who wrote them; SQLite
    names no reason.
    """
    diagnosis = getattr(error.orig, "diag", None)
    named = getattr(diagnosis, "constraint_name", None) == ONE_AT_A_TIME
    return named or getattr(error.orig, "sqlstate", None) == CROSSED


def _both() -> str:
    """Name the two sessions by their keys; nobody else is named. Where it is one human with
    several rows, only the session that was changed last: the other is a stranger's.
    """
    one = aliased(Engagement)
    other = aliased(Engagement)
    mine = aliased(Session)
    theirs = aliased(Session)
    pairs = (
        select(
            mine,
            theirs,
            one.what,
        )
        .join(
            one,
            one.session_id == mine.id,
        )
        .join(
            other,
            other.what == one.what,
        )
        .join(
            theirs,
            theirs.id == other.session_id,
        )
        .where(
            mine.key < theirs.key,
            one.starts_at < other.ends_at,
            one.ends_at > other.starts_at,
        )
        .order_by(
            mine.starts_at,
            mine.key,
            theirs.key,
        )
    )
    found = db.session.execute(pairs.limit(1)).first()
    if found is None:
        return FASTER
    first, second, what = found
    return _said(
        first,
        second,
        what,
    )


def _said(first: Session, second: Session, what: str) -> str:
    when = f"on {first.starts_local.replace('T', ' at ')} {first.zone}"
    if db.session.scalar(select(exists().where(Person.body_id == what))):
        changed = max(first, second, key=lambda session: session.changed_at)
        return (
            f"somebody of {changed.key} has another appointment then ({when}); nothing was "
            "changed. Give it another time first"
        )
    return (
        f"{first.key} and {second.key} would bind the same person or room at once ({when}); "
        "nothing was changed. Give one of them another time, leader or room first"
    )
