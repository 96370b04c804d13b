"""What `doctor` asks of the database's own guards: triggers, functions and constraints."""

from collections.abc import Callable

from sqlalchemy.engine import Connection

from scheduler import change_tracking, consents, sessions
from scheduler.config import Config
from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError
from scheduler.kernel.schema.migrate import current


def check_gate(_: Config) -> str:
    """Say that the consent gate stands. Raises KinfoldError."""
    _refuse_damage(consents.gate_damage, "Nothing is sent until it is restored")
    return "stands whole"


def check_bookings(_: Config) -> str:
    """Say that nobody can be booked twice. Raises KinfoldError."""
    _refuse_damage(sessions.loosened_booking_rules, "Two could book one hour until restored")
    return "nobody and no room in two sessions at once"


def check_tracking(_: Config) -> str:
    """Say that every change is noted for the worker. Raises KinfoldError."""
    meaning = "A change may wait a quarter of an hour until it is told; restored"
    _refuse_damage(change_tracking.tracking_damage, meaning)
    return "each is noted when it is written"


def _refuse_damage(found: Callable[[Connection], list[str]], meaning: str) -> None:
    """Say what is damaged, or that there is nothing yet that could be."""
    if current(db.engine) is None:
        raise KinfoldError("there is no schema yet: flask --app wsgi db upgrade")
    damaged = found(db.session.connection())
    if damaged:
        raise KinfoldError(f"damaged: {', '.join(damaged)}. {meaning} from a backup.")
