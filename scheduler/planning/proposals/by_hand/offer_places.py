"""What a person is offered whose change of sessions was refused: the nearest places that work."""

from collections.abc import Sequence
from datetime import datetime

from scheduler.planning.explain.nearest_places import Wish, nearest_places
from scheduler.planning.proposals.judge_edit import as_published
from scheduler.sessions.models import Session


def places_instead(
    sessions: Sequence[Session], *, to: datetime, minutes: int | None, now: datetime
) -> tuple[datetime, ...]:
    """Return at most three places (wall time of its zone) for the first of these sessions of one
    series, nearest to `to`, at which all of them could be, moved by as much. Raises NotFound.

    The sessions are where they stand: what was tried is undone before.
    """
    cohort_key = sessions[0].cohort.key
    problem, standing = as_published(cohort_key, now=now)
    keys = tuple(session.key for session in sessions)
    wish = Wish(keys, to, minutes)
    return nearest_places(problem, standing, wish)
