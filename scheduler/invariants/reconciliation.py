"""From what is broken to what staff have to do: once each, and off the list when it has mended
itself.
"""

from collections.abc import Collection
from datetime import datetime

from scheduler import tasks
from scheduler.invariants.invariant_violations import Violation, violations
from scheduler.kernel.database import db
from scheduler.people.models import Person

KIND = "promise"
MOST = 50
"""Tasks at once; a job that fails for everybody is one matter for whoever looks, not a thousand."""


def reconcile(*, seen: Collection[str] = (), by: str, now: datetime) -> frozenset[str]:
    """Raise a task for each invariant broken at `now` that was among `seen`, and close those that
    hold again.

    Return the keys of all that is broken now, to be handed in the next time: what the worker mends
    by itself between two looks bothers nobody.
    """
    found = {violation.key: violation for violation in violations(now=now)}
    lasting = [found[key] for key in sorted(found) if key in seen]
    matters = []
    for violation in lasting[:MOST]:
        if _is_known(violation.about_id):
            matters.append(_matter(violation))
    tasks.sync_tasks(KIND, matters, by=by, now=now)
    return frozenset(found)


def _matter(violation: Violation) -> tasks.Matter:
    return tasks.Matter(
        violation.key,
        violation.words,
        violation.about_id,
    )


def _is_known(person_id: str) -> bool:
    """True if there is such a person: a letter knows its recipient by id alone, and outlives a
    restore.
    """
    return db.session.get(Person, person_id) is not None
