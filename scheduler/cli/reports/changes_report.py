"""What a plan would change, person by person, in words and as a document; people by their keys
only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import time
from typing import Any

from scheduler.i18n import clock
from scheduler.planning import Plan, PlanDiff, PlannedSession, by_person


def difference_lines(changes: PlanDiff, against: str = "what is published") -> Iterator[str]:
    """Say what comes, moves and is cancelled, and whom it touches."""
    added = len(changes.added)
    moved = len(changes.moved)
    changed = len(changes.changed)
    cancelled = len(changes.cancelled)
    yield (
        f"against {against}: {added} new, {moved} moved, {changed} changed, "
        f"{cancelled} cancelled, {changes.kept} kept."
    )
    for before, after in changes.moved:
        people = ", ".join(after.people)
        yield f"moved: {after.key} from {before.local_start} to {after.local_start} ({people})"
    for session in changes.cancelled:
        people = ", ".join(session.people)
        yield f"cancelled: {session.key} at {session.local_start} ({people})"


def person_lines(changes: PlanDiff) -> Iterator[str]:
    """Say what it means for each person: what is new (a series in one line), what moves, changes
    and is cancelled.
    """
    for role, person, own in by_person(changes):
        counts = _counts(own)
        yield f"for {person} ({role}): {counts}"
        for line in _series(own.added, person):
            yield f"    new: {line}"
        for before, after in own.moved:
            what = _what(after, person)
            was = _when(before)
            now = _when(after)
            yield f"    moved: {what} from {was} to {now}"
        for _, after in own.changed:
            what = _what(after, person)
            now = _when(after)
            yield f"    changed: {what} on {now}"
        for session in own.cancelled:
            what = _what(session, person)
            was = _when(session)
            yield f"    cancelled: {what} on {was}"


def _counts(own: PlanDiff) -> str:
    """Return how much is new, moves, changes and is cancelled: "2 new, 1 moved"."""
    counted = (
        ("new", len(own.added)),
        ("moved", len(own.moved)),
        ("changed", len(own.changed)),
        ("cancelled", len(own.cancelled)),
    )
    said = [f"{number} {word}" for word, number in counted if number]
    return ", ".join(said)


def changes_document(changes: PlanDiff) -> dict[str, Any]:
    """Return the same as a document: counts, and for each person the keys and local times."""
    return {
        "new": len(changes.added),
        "moved": len(changes.moved),
        "changed": len(changes.changed),
        "cancelled": len(changes.cancelled),
        "kept": changes.kept,
        "by_person": [_person(role, person, own) for role, person, own in by_person(changes)],
    }


def compared_lines(stored: Plan, plan: Plan) -> Iterator[str]:
    """Say how many appointments have a time in `plan` against the `stored` one, and which are won
    and lost.
    """
    had = _placed_keys(stored)
    has = _placed_keys(plan)
    yield f"against the stored plan: {len(has)} appointments placed instead of {len(had)}"
    for key in sorted(had - has):
        yield f"no longer placed: {key}"
    for key in sorted(has - had):
        yield f"placed only then: {key}"


def comparison(stored: Plan, plan: Plan) -> dict[str, Any]:
    """Return the same as a document."""
    had = _placed_keys(stored)
    has = _placed_keys(plan)
    return {
        "placed": len(has),
        "placed_before": len(had),
        "lost": sorted(had - has),
        "won": sorted(has - had),
    }


def _placed_keys(plan: Plan) -> set[str]:
    return {session.key for session in plan.placed}


def _person(role: str, person: str, own: PlanDiff) -> dict[str, Any]:
    def at(session: PlannedSession) -> dict[str, str]:
        return {"key": session.key, "at": session.local_start}

    return {
        "person": person,
        "role": role,
        "new": [at(session) for session in own.added],
        "moved": [
            {"key": after.key, "from": before.local_start, "to": after.local_start}
            for before, after in own.moved
        ],
        "changed": [at(after) for _, after in own.changed],
        "cancelled": [at(session) for session in own.cancelled],
    }


def _series(added: Iterable[PlannedSession], person: str) -> Iterator[str]:
    series: dict[str, list[PlannedSession]] = defaultdict(list)
    for session in sorted(added, key=lambda session: session.start):
        series[session.series].append(session)
    for first, *others in series.values():
        what = _what(first, person)
        line = f"{what} on {_when(first)}"
        if others:
            until = _day(others[-1])
            line = f"{line} and {len(others)} more until {until}"
        yield line


def _what(session: PlannedSession, person: str) -> str:
    if session.fixed or person in session.patients:
        return session.title
    patients = ", ".join(session.patients)
    return f"{session.title} of {patients}"


def _when(session: PlannedSession) -> str:
    day = _day(session)
    hour, minute = divmod(session.at, 60)
    said = clock(time(hour, minute), "en")
    return f"{day} at {said}"


def _day(session: PlannedSession) -> str:
    day = session.day
    return f"{day:%A} {day.day} {day:%B}"
