"""Two sessions that change places by hand: those are offered that could."""

from datetime import datetime

from scheduler.planning.explain.places.swap_partners import swap_partners
from scheduler.planning.proposals.by_hand.judge_edit import as_published
from scheduler.sessions import sessions_by_key
from scheduler.sessions.models import Session


def partners_of(session: Session, *, now: datetime) -> list[Session]:
    """Return the sessions with which one that stands could change places, the nearest first."""
    problem, standing = as_published(session.cohort.key, now=now)
    keys = swap_partners(problem, standing, session.key)
    rows = sessions_by_key(keys)
    return [rows[key] for key in keys]
