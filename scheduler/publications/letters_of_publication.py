"""What a publication changes and whom it tells, as one document; people by their keys only."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from scheduler.consents import judged
from scheduler.invitations import Told
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.planning import Published, every_session
from scheduler.sessions.models import Session

OWN = "their own, as they chose"
WHY = {
    "invitation": "consent holds now and at the end, found ready",
    "update": "what they were told has changed",
    "cancellation": "what they were told no longer holds",
    "change": "something of their own within seven days has changed",
}


def publication_document(
    published: Published, told: Iterable[Told], dry_run: bool, now: datetime
) -> dict[str, Any]:
    """Return what publishing changed, each letter with whom and why, and each relative not told
    with the reason.
    """
    changes = published.difference
    sessions = every_session(published.plan.cohort)
    ahead = [session for session in sessions if session.ends_at > now]
    return {
        "cohort": published.plan.cohort,
        "dry_run": dry_run,
        "new": [session.key for session in changes.added],
        "moved": [after.key for _, after in changes.moved],
        "changed": [after.key for _, after in changes.changed],
        "cancelled": [session.key for session in changes.cancelled],
        "kept": changes.kept,
        "letters": _letters(told),
        "not_told": _not_told(ahead, now),
    }


def _letters(told: Iterable[Told]) -> list[dict[str, Any]]:
    """One entry a letter; what leaves no letter (it had not been handed over, or silence was asked
    for) says so.
    """
    sent = [letter for letter in told if letter.letter_id is not None]
    ids = set()
    for letter in sent:
        ids |= {letter.person_id, letter.patient_id}
    keys = _keys(ids)
    found = []
    for letter in sent:
        entry = {
            "kind": letter.kind,
            "person": keys[letter.person_id],
            "patient": keys[letter.patient_id],
            "series": letter.series,
            "why": _why(letter),
        }
        found.append(entry)
    return sorted(found, key=_by_person_and_series)


def _why(letter: Told) -> str:
    """Return why a letter goes out."""
    is_own = letter.person_id == letter.patient_id
    if is_own and letter.kind == "invitation":
        return OWN
    return WHY[letter.kind]


def _by_person_and_series(letter: dict[str, Any]) -> tuple[str, str, str]:
    return letter["person"], letter["series"], letter["kind"]


def _not_told(sessions: list[Session], now: datetime) -> list[dict[str, Any]]:
    counted: Counter[tuple[str, str, str, str]] = Counter()
    kinds = {session.id: session.kind for session in sessions}
    for session_id, found in judged(sessions, now=now).items():
        session_kind = kinds[session_id]
        for relative in found.untold:
            key = relative.person.key, relative.patient_id, session_kind, relative.reason
            counted[key] += 1
    patients = {patient for _, patient, _, _ in counted}
    keys = _keys(patients)
    rows = []
    for (person, patient, kind, why), number in counted.items():
        row = {
            "person": person,
            "patient": keys[patient],
            "kind": str(kind),
            "why": str(why),
            "sessions": number,
        }
        rows.append(row)
    return sorted(rows, key=_by_person_and_kind)


def _by_person_and_kind(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["person"], row["kind"], row["why"]


def _keys(ids: set[str]) -> dict[str, str]:
    people = select(Person.id, Person.key)
    wanted = people.where(Person.id.in_(ids))
    rows = db.session.execute(wanted)
    return {row.id: row.key for row in rows}
