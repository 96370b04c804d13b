"""What publishing would change, what matters first: moved and cancelled with before and after, then
new, then what changes people or room, and other topics as one line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from scheduler.i18n import catalog
from scheduler.planning import PlanDiff, PlannedSession
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.publication_changes import added_lines, place_words, what_words


@dataclass(frozen=True, slots=True)
class Moved:
    """A session whose time or length changes, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A publication for whoever reads it first."""

    moved: tuple[Moved, ...]
    cancelled: tuple[Moved, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    topics: int
    """How many sessions have another topic, and nothing else."""


def summary_of(changes: PlanDiff, names: Mapping[str, str]) -> Summary:
    """Return a publication as its first lines."""
    moved = []
    for before, after in changes.moved:
        moved.append(Moved(what_words(after, names), place_words(before), place_words(after)))
    cancelled = []
    for session in changes.cancelled:
        cancelled.append(Moved(what_words(session, names), place_words(session), ""))
    others = []
    topics = 0
    for before, after in changes.changed:
        if replace(before, topic=after.topic, relatives=after.relatives) == after:
            topics += 1
        else:
            others.append(_changed(before, after, names))
    return Summary(
        moved=tuple(moved),
        cancelled=tuple(cancelled),
        added=tuple(added_lines(changes.added, names)),
        changed=tuple(dict.fromkeys(others)),
        topics=topics,
    )


def _changed(before: PlannedSession, after: PlannedSession, names: Mapping[str, str]) -> str:
    """Return what of a session changes that stays in its time."""
    _ = catalog(reader_language())
    parts = []
    if set(before.clinicians) != set(after.clinicians):
        leads = _("{after} leads instead of {before}")
        had = _named(before.clinicians, names)
        parts.append(leads.format(before=had, after=_named(after.clinicians, names)))
    came = set(after.patients) - set(before.patients)
    if came:
        parts.append(_("with {names}").format(names=_named(sorted(came), names)))
    left = set(before.patients) - set(after.patients)
    if left:
        parts.append(_("without {names}").format(names=_named(sorted(left), names)))
    if before.room != after.room:
        parts.append(_("another room"))
    if not parts:
        parts.append(_("other words"))
    what = what_words(after, names)
    return f"{what}, {place_words(after)}: {', '.join(parts)}"


def _named(keys: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(key, key) for key in keys)
