"""What a plan would change, person by person, in words and as a document; people by their keys
only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from scheduler.planning import Plan, PlanDiff, PlannedSession, by_person


def difference_lines(changes: PlanDiff, against: str = "what is published") -> Iterator[str]:
    """Say what comes, moves and falls out, and whom it touches."""
    yield (
        f"against {against}: {len(changes.added)} new, {len(changes.moved)} moved, "
        f"{len(changes.changed)} changed, {len(changes.cancelled)} cancelled, {changes.kept} kept."
    )
    for before, after in changes.moved:
        yield (
            f"moved: {after.key} from {before.local_start} to {after.local_start} "
            f"({', '.join(after.people)})"
        )
    for one in changes.cancelled:
        yield f"cancelled: {one.key} at {one.local_start} ({', '.join(one.people)})"


def person_lines(changes: PlanDiff) -> Iterator[str]:
    """Say what it means for each person: what is new (a series in one line), what moves, changes
    and falls out.
    """
    for role, person, own in by_person(changes):
        counted = (
            ("new", own.added),
            ("moved", own.moved),
            ("changed", own.changed),
            ("cancelled", own.cancelled),
        )
        yield f"for {person} ({role}): " + ", ".join(
            f"{len(those)} {word}" for word, those in counted if those
        )
        yield from (f"    new: {line}" for line in _series(own.added, person))
        for before, after in own.moved:
            yield f"    moved: {_what(after, person)} from {_when(before)} to {_when(after)}"
        yield from (
            f"    changed: {_what(after, person)} on {_when(after)}" for _, after in own.changed
        )
        yield from (f"    cancelled: {_what(one, person)} on {_when(one)}" for one in own.cancelled)


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
    had, has = ({one.key for one in each.placed} for each in (stored, plan))
    yield f"against the stored plan: {len(has)} appointments placed instead of {len(had)}"
    yield from (f"no longer placed: {key}" for key in sorted(had - has))
    yield from (f"placed only then: {key}" for key in sorted(has - had))


def comparison(stored: Plan, plan: Plan) -> dict[str, Any]:
    """Return the same as a document."""
    had, has = ({one.key for one in each.placed} for each in (stored, plan))
    return {
        "placed": len(has),
        "placed_before": len(had),
        "lost": sorted(had - has),
        "won": sorted(has - had),
    }


def _person(role: str, person: str, own: PlanDiff) -> dict[str, Any]:
    def at(one: PlannedSession) -> dict[str, str]:
        return {"key": one.key, "at": one.local_start}

    return {
        "person": person,
        "role": role,
        "new": [at(one) for one in own.added],
        "moved": [
            {"key": after.key, "from": before.local_start, "to": after.local_start}
            for before, after in own.moved
        ],
        "changed": [at(after) for _, after in own.changed],
        "cancelled": [at(one) for one in own.cancelled],
    }


def _series(added: Iterable[PlannedSession], person: str) -> Iterator[str]:
    series: dict[str, list[PlannedSession]] = defaultdict(list)
    for one in sorted(added, key=lambda each: each.start):
        series[one.series].append(one)
    for those in series.values():
        first = f"{_what(those[0], person)} on {_when(those[0])}"
        yield (
            first
            if len(those) == 1
            else f"{first} and {len(those) - 1} more until {_day(those[-1])}"
        )


def _what(one: PlannedSession, person: str) -> str:
    whose = "" if one.fixed or person in one.patients else f" of {', '.join(one.patients)}"
    return f"{one.title}{whose}"


def _when(one: PlannedSession) -> str:
    return f"{_day(one)} at {one.at // 60:02d}:{one.at % 60:02d}"


def _day(one: PlannedSession) -> str:
    return f"{one.day:%A} {one.day.day} {one.day:%B}"
