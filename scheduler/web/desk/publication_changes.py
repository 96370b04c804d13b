"""What publishing would change, person by person, in the words of the desk."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

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
            ("cancelled", own.cancelled),
        )
        counts = [f"{len(sessions)} {word}" for word, sessions in counted if sessions]
        found.append(
            PersonsChange(
                name=names.get(person, person),
                role=role,
                counts=", ".join(counts),
                lines=tuple(_lines(own, person, names)),
            )
        )
    return found


def _lines(own: PlanDiff, person: str, names: Mapping[str, str]) -> Iterator[str]:
    for before, after in own.moved:
        yield f"Moved: {_what(after, person, names)}, from {_when(before)} to {_when(after)}"
    for cancelled in own.cancelled:
        yield f"Cancelled: {_what(cancelled, person, names)}, {_when(cancelled)}"
    for _, after in own.changed:
        yield f"Changed: {_what(after, person, names)}, {_when(after)}"
    for series in _series(own.added):
        first = series[0]
        words = f"New: {_what(first, person, names)}, {_when(first)}"
        if len(series) > 1:
            words += f", and {len(series) - 1} more until {day_words(series[-1].day)}"
        yield words


def _series(added: Iterable[PlannedSession]) -> list[list[PlannedSession]]:
    series: dict[str, list[PlannedSession]] = defaultdict(list)
    for planned in sorted(added, key=attrgetter("start")):
        series[planned.series].append(planned)
    return list(series.values())


def _what(planned: PlannedSession, person: str, names: Mapping[str, str]) -> str:
    title = title_words(planned.kind, planned.title)
    if planned.fixed or person in planned.patients:
        return title
    patients = [names.get(key, key) for key in planned.patients]
    return f"{title} with {', '.join(patients)}"


def _when(planned: PlannedSession) -> str:
    hours = hours_words(planned.start, planned.end, planned.zone)
    return f"{day_words(planned.day)}, {hours}"
