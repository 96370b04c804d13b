"""What a publication changes and whom it tells, as one document and in words; people by their keys
only.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from scheduler.cli.reports.changes_report import difference_lines
from scheduler.consents import judged
from scheduler.invitations import Told
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.planning import Published, every_session
from scheduler.sessions.models import Session

OWN = "their own, as they chose"


def publication_document(
    published: Published, told: Iterable[Told], dry_run: bool, now: datetime
) -> dict[str, Any]:
    """Return what publishing changed, each letter with whom and why, and each relative not told
    with the reason.
    """
    changes = published.difference
    ahead = [row for row in every_session(published.plan.cohort) if row.ends_at > now]
    return {
        "cohort": published.plan.cohort,
        "dry_run": dry_run,
        "new": [one.key for one in changes.added],
        "moved": [after.key for _, after in changes.moved],
        "changed": [after.key for _, after in changes.changed],
        "cancelled": [one.key for one in changes.cancelled],
        "kept": changes.kept,
        "letters": _letters(told),
        "not_told": _not_told(ahead, now),
    }


def publication_lines(published: Published, document: dict[str, Any]) -> Iterator[str]:
    """Say the document in words."""
    yield f"{document['cohort']}: {'would be published' if document['dry_run'] else 'published'}."
    yield from difference_lines(published.difference)
    verb = "would go" if document["dry_run"] else "will go"
    yield f"{len(document['letters'])} letters {verb} out."
    for one in document["letters"]:
        yield (
            f"{one['kind']}: to {one['person']} for {one['patient']}, {one['series']}: {one['why']}"
        )
    for one in document["not_told"]:
        times = "1 session" if one["sessions"] == 1 else f"{one['sessions']} sessions"
        yield (
            f"not told: {one['person']} for {one['patient']}, {one['kind']}, {times}: {one['why']}"
        )


def _letters(told: Iterable[Told]) -> list[dict[str, Any]]:
    """One entry a letter; what leaves no letter (it had not been handed over, or silence was asked
    for) says so.
    """
    told = list(told)
    keys = _keys({one.person_id for one in told} | {one.patient_id for one in told})
    why = {
        "invitation": "consent holds now and at the end, found ready",
        "update": "what they were told has changed",
        "cancellation": "what they were told no longer holds",
    }
    found = [
        {
            "kind": one.kind,
            "person": keys[one.person_id],
            "patient": keys[one.patient_id],
            "series": one.series,
            "why": OWN
            if one.kind == "invitation" and one.person_id == one.patient_id
            else why[one.kind],
        }
        for one in told
        if one.letter_id is not None
    ]
    return sorted(found, key=lambda one: (one["person"], one["series"], one["kind"]))


def _not_told(sessions: list[Session], now: datetime) -> list[dict[str, Any]]:
    counted: Counter[tuple[str, str, str, str]] = Counter()
    kinds = {row.id: row.kind for row in sessions}
    for session_id, found in judged(sessions, now=now).items():
        for one in found.untold:
            counted[one.person.key, one.patient_id, kinds[session_id], one.reason] += 1
    keys = _keys({patient for _, patient, _, _ in counted})
    found_rows = [
        {
            "person": person,
            "patient": keys[patient],
            "kind": str(kind),
            "why": str(why),
            "sessions": number,
        }
        for (person, patient, kind, why), number in counted.items()
    ]
    return sorted(
        found_rows, key=lambda one: (str(one["person"]), str(one["kind"]), str(one["why"]))
    )


def _keys(ids: set[str]) -> dict[str, str]:
    rows = db.session.execute(select(Person.id, Person.key).where(Person.id.in_(ids)))
    return {row.id: row.key for row in rows}
