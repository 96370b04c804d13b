"""Every day that the clinic's own file says today."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from scheduler.clinics.exporting.export_clinic import export
from scheduler.kernel.database import db
from scheduler.people.models import Practice


def standing_days() -> frozenset[tuple[str, date]]:
    """Return each day with the key of the record it is in, "" for the practice's; none before there
    is one.
    """
    if db.session.get(Practice, 1) is None:
        return frozenset()
    return frozenset(_days_of("", export()))


def _days_of(owner: str, tree: Any) -> Iterator[tuple[str, date]]:
    if isinstance(tree, date):
        yield owner, tree
    elif isinstance(tree, list | tuple):
        for item in tree:
            yield from _days_of(owner, item)
    elif isinstance(tree, dict):
        inner = tree.get("key", owner)
        for value in tree.values():
            yield from _days_of(inner, value)
