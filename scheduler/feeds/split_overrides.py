"""Moved meetings that a calendar program would take for another series' stand apart, as entries of
their own. Pure.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from scheduler.ical import Entry, Override


def with_overrides_split(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries of one calendar so that no exception stands where another series has an
    instance.

    ical.js hands every exception of a calendar to every series of it, by wall time alone: the other
    series' meeting at that hour would vanish. Such a meeting is a hole in its own series and an
    entry with a UID of its own.
    """
    every = list(entries)
    by_series = {entry.uid: frozenset(entry.instances()) for entry in every if entry.rule}
    return [piece for entry in every for piece in _apart(entry, by_series)]


def _apart(entry: Entry, by_series: dict[str, frozenset[datetime]]) -> Iterator[Entry]:
    others = [instances for uid, instances in by_series.items() if uid != entry.uid]
    odd = [override for override in entry.moved if _is_odd(override, entry, others)]
    if not odd:
        yield entry
        return
    holes = {*entry.without, *(override.original for override in odd)}
    yield replace(
        entry,
        without=tuple(sorted(holes)),
        moved=tuple(override for override in entry.moved if override not in odd),
    )
    for override in odd:
        yield _single(entry, override)


def _is_odd(override: Override, entry: Entry, others: list[frozenset[datetime]]) -> bool:
    if override.original == entry.start:
        return False
    return any(override.original in instances for instances in others)


def _single(entry: Entry, moved: Override) -> Entry:
    mark = hashlib.sha256(f"{entry.uid} {moved.original.isoformat()}".encode()).hexdigest()[:32]
    uid = f"{mark}@{entry.uid.rpartition('@')[2]}"
    return replace(
        entry,
        uid=uid,
        start=moved.start,
        minutes=moved.minutes,
        declined=moved.declined,
        rule=None,
        without=(),
        moved=(),
    )
