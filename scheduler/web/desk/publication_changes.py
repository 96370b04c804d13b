"""What publishing would change, person by person, in the words of the desk."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scheduler.planning import PlanDiff, PlannedSession, by_person
from scheduler.web.parts.time_words import day_words, hours_words, title_words


@dataclass(frozen=True, slots=True)
class PersonsChange:
    """One person's part: how much in a few words, and each thing in a line."""

    name: str
    role: str
    counts: str
    lines: tuple[str, ...]


def persons_changes(changes: PlanDiff, names: Mapping[str, str]) -> list[PersonsChange]:
    """Return everybody concerned, clinicians first, by name."""
    found = []
    for role, person, own in by_person(changes):
        counted = (
            ("new", own.added),
            ("moved", own.moved),
            ("changed", own.changed),
            ("fall out", own.cancelled),
        )
        counts = ", ".join(f"{len(those)} {word}" for word, those in counted if those)
        found.append(
            PersonsChange(
                names.get(person, person), role, counts, tuple(_lines(own, person, names))
            )
        )
    return found


def _lines(own: PlanDiff, person: str, names: Mapping[str, str]) -> Iterator[str]:
    for before, after in own.moved:
        yield f"Moved: {_what(after, person, names)}, from {_when(before)} to {_when(after)}"
    for one in own.cancelled:
        yield f"Falls out: {_what(one, person, names)}, {_when(one)}"
    for _, after in own.changed:
        yield f"Changed: {_what(after, person, names)}, {_when(after)}"
    for those in _series(own.added):
        first = f"New: {_what(those[0], person, names)}, {_when(those[0])}"
        yield (
            first
            if len(those) == 1
            else f"{first}, and {len(those) - 1} more until {day_words(those[-1].day)}"
        )


def _series(added: Iterable[PlannedSession]) -> list[list[PlannedSession]]:
    series: dict[str, list[PlannedSession]] = defaultdict(list)
    for one in sorted(added, key=lambda each: each.start):
        series[one.series].append(one)
    return list(series.values())


def _what(one: PlannedSession, person: str, names: Mapping[str, str]) -> str:
    title = title_words(one.kind, one.title)
    if one.fixed or person in one.patients:
        return title
    return f"{title} with {', '.join(names.get(key, key) for key in one.patients)}"


def _when(one: PlannedSession) -> str:
    return f"{day_words(one.day)}, {hours_words(one.start, one.end, one.zone)}"
