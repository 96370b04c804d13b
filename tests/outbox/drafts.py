"""Letters as the tests write them."""

from datetime import UTC, datetime
from typing import Any

from cast import Cast
from scheduler.outbox import Draft
from scheduler.outbox.models import Basis
from scheduler.programs import Kind

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
MIME = b"From: calendar@hl-sched.example\r\nSubject: Appointment\r\n\r\nAppointment\r\n"


def to_dana(cast: Cast, name: str = "first", **said: Any) -> Draft:
    """An invitation for the mother, under her grant for family therapy."""
    given = cast.grants[Kind.FAMILY_THERAPY]
    usual: dict[str, Any] = {
        "dedupe_key": name,
        "kind": "invitation",
        "recipient_id": cast.dana.id,
        "address": cast.dana.email,
        "basis": Basis.GRANT,
        "mime": MIME,
        "message_id": f"<{name}@hl-sched.example>",
        "due_at": NOW,
        "grant_id": given.id,
        "subject_id": cast.jordan.id,
        "purpose": Kind.FAMILY_THERAPY,
        "covers_until": datetime(2027, 3, 9, 22, tzinfo=UTC),
        "uid": f"{name}@hl-sched.example",
        "sequence": 0,
    }
    return Draft(**(usual | said))


def to_jordan(cast: Cast, name: str = "own", **said: Any) -> Draft:
    """A letter to the patient, whose own affair it is."""
    own = {
        "recipient_id": cast.jordan.id,
        "address": cast.jordan.email,
        "basis": Basis.SELF,
        "kind": "reminder",
    }
    nothing = {
        "grant_id": None,
        "subject_id": None,
        "purpose": None,
        "covers_until": None,
        "uid": None,
    }
    return to_dana(cast, name, **(own | nothing | said))
