"""What publishing would change, person by person, in the words of the desk."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

from scheduler.i18n import N_, catalog
from scheduler.planning import PlanDiff, PlannedSession, by_person
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.time_words import day_words, hours_words, title_words

ROLES = {
    "clinician": N_("clinician"),
    "patient": N_("patient"),
    "relative": N_("relative"),
}


@dataclass(frozen=True, slots=True)
class PersonsChange:
    """One person's part: how much in a few words, and each thing in a line."""

    name: str
    role: str
    counts: str
    lines: tuple[str, ...]


def persons_changes(changes: PlanDiff, names: Mapping[str, str]) -> list[PersonsChange]:
    """Return everybody concerned, clinicians first, by name."""
    _ = catalog(reader_language())
    found = []
    for role, person, own in by_person(changes):
        counted = (
            (_("{count} new"), len(own.added)),
            (_("{count} moved"), len(own.moved)),
            (_("{count} changed"), len(own.changed)),
            (_("{count} cancelled"), len(own.cancelled)),
        )
        counts = []
        for words, count in counted:
            if count:
                counts.append(words.format(count=count))
        found.append(
            PersonsChange(
                name=names.get(person, person),
                role=_(ROLES[role]),
                counts=", ".join(counts),
                lines=tuple(_lines(own, person, names)),
            )
        )
    return found


def added_lines(added: Iterable[PlannedSession], names: Mapping[str, str]) -> list[str]:
    """Return what is new, a series in a line."""
    return [_added(series, what_words(series[0], names)) for series in _series(added)]


def what_words(planned: PlannedSession, names: Mapping[str, str]) -> str:
    """Return what a session is called, with its patients where it was placed for them."""
    return _what(planned, "", names)


def place_words(planned: PlannedSession) -> str:
    """Return day and hours of a session."""
    return _when(planned)


def _lines(own: PlanDiff, person: str, names: Mapping[str, str]) -> Iterator[str]:
    _ = catalog(reader_language())
    for before, after in own.moved:
        said = _("Moved: {what}, from {before} to {after}")
        what = _what(after, person, names)
        yield said.format(what=what, before=_when(before), after=_when(after))
    for cancelled in own.cancelled:
        said = _("Cancelled: {what}, {when}")
        yield said.format(what=_what(cancelled, person, names), when=_when(cancelled))
    for _before, after in own.changed:
        said = _("Changed: {what}, {when}")
        yield said.format(what=_what(after, person, names), when=_when(after))
    for series in _series(own.added):
        yield _added(series, _what(series[0], person, names))


def _added(series: list[PlannedSession], what: str) -> str:
    _ = catalog(reader_language())
    said = _("New: {what}, {when}")
    if len(series) > 1:
        said = _("New: {what}, {when}, and {count} more until {last}")
    return said.format(
        what=what,
        when=_when(series[0]),
        count=len(series) - 1,
        last=day_words(series[-1].day),
    )


def _series(added: Iterable[PlannedSession]) -> list[list[PlannedSession]]:
    series: dict[str, list[PlannedSession]] = defaultdict(list)
    for planned in sorted(added, key=attrgetter("start")):
        series[planned.series].append(planned)
    return list(series.values())


def _what(planned: PlannedSession, person: str, names: Mapping[str, str]) -> str:
    title = title_words(planned.kind, planned.title, language=reader_language())
    if planned.fixed or person in planned.patients:
        return title
    patients = [names.get(key, key) for key in planned.patients]
    said = catalog(reader_language()).gettext("{title} with {patients}")
    return said.format(title=title, patients=", ".join(patients))


def _when(planned: PlannedSession) -> str:
    hours = hours_words(
        planned.start,
        planned.end,
        planned.zone,
    )
    return f"{day_words(planned.day)}, {hours}"
