"""What a publication is about to change, as it is before: written down, and put back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.planning.problem.plan_diff import PlanDiff
from scheduler.planning.proposals.models import Proposal
from scheduler.programs import Kind, Seats
from scheduler.sessions import Meeting, cancel, move
from scheduler.sessions.models import Session, Status

WORDS = ("series", "title", "topic", "week", "starts_local", "zone", "minutes", "room_id")
CHANGED_SINCE = "{key} was changed since it was published; this publication cannot be taken back"


def before_of(changes: PlanDiff) -> dict[str, dict[str, Any]]:
    """Return by key each session that stands and that `changes` touch, as it is now."""
    documents = {}
    # What was cancelled before and comes again stands among the new ones.
    keys = {session.key for session in changes.sessions}
    for row in _rows(keys):
        documents[row.key] = _document(row)
    return documents


def document_before(
    before: dict[str, dict[str, Any]],
    changes: PlanDiff,
    proposal: Proposal,
    earlier: Proposal | None,
) -> dict[str, Any]:
    """Return what takes a publication back: its sessions `before`, the version that it left each of
    them with, and the proposals as they were.
    """
    keys = {session.key for session in changes.sessions}
    return {
        "sessions": before,
        "versions": {row.key: row.version for row in _rows(keys)},
        "plan": proposal.plan,
        "earlier": earlier.id if earlier else None,
    }


def restore(
    before: dict[str, dict[str, Any]], versions: dict[str, int], *, by: str, now: datetime
) -> None:
    """Put every session back as it was before; those that were not there stand nowhere. Raises
    Conflict, with nothing changed, when one was changed again since.
    """
    rows = {row.key: row for row in _rows(versions)}
    for key, version in versions.items():
        row = rows.get(key)
        if row is None or row.version != version:
            raise Conflict(CHANGED_SINCE.format(key=key))
    for key, row in rows.items():
        if key in before:
            _put_back(row, before[key], by, now)
        else:
            cancel(row, by=by, now=now)
            row.taken_back = True


def _put_back(row: Session, said: dict[str, Any], by: str, now: datetime) -> None:
    meeting = Meeting(
        key=row.key,
        cohort_id=row.cohort_id,
        kind=Kind(said["kind"]),
        seats=Seats(said["seats"]),
        starts_at=datetime.fromisoformat(said["starts_at"]),
        ends_at=datetime.fromisoformat(said["ends_at"]),
        leads=tuple(said["leads"]),
        patients=tuple(said["patients"]),
        **{name: said[name] for name in WORDS},
    )
    move(row, meeting, by=by, now=now)
    row.moved_from = said["moved_from"]
    row.minutes_before = said["minutes_before"]
    row.leads_before = said.get("leads_before")
    row.taken_back = said["taken_back"]
    if said["status"] == Status.CANCELLED:
        cancel(row, by=by, now=now)
    db.session.flush()


def _rows(keys: Iterable[str]) -> list[Session]:
    wanted = select(Session)
    wanted = wanted.where(Session.key.in_(list(keys)))
    wanted = wanted.order_by(Session.key)
    rows = db.session.scalars(wanted)
    return list(rows.unique())


def _document(row: Session) -> dict[str, Any]:
    said: dict[str, Any] = {name: getattr(row, name) for name in WORDS}
    return said | {
        "kind": row.kind.value,
        "seats": row.seats.value,
        "status": row.status.value,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "leads": [clinician.id for clinician in row.leads],
        "patients": [patient.id for patient in row.patients],
        "moved_from": row.moved_from,
        "minutes_before": row.minutes_before,
        "leads_before": row.leads_before,
        "taken_back": row.taken_back,
    }
