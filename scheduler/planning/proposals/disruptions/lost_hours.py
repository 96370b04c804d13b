"""What lacks in the weeks of those whose sessions are cancelled, and what would make up for it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from scheduler.planning.explain.make_up_offers import MakeUp
from scheduler.planning.explain.make_up_sessions import make_ups
from scheduler.planning.proposals.by_hand.judge_edit import as_published
from scheduler.sessions.models import Session


def lost_hours(cancelled: Iterable[Session], *, now: datetime) -> tuple[MakeUp, ...]:
    """Return each week that is short for a patient of a cancelled session, with the sessions of
    that week that would make up for it.
    """
    by_cohort: dict[str, list[Session]] = defaultdict(list)
    for session in cancelled:
        by_cohort[session.cohort.key].append(session)
    found = []
    for cohort, sessions in sorted(by_cohort.items()):
        problem, standing = as_published(cohort, now=now)
        weeks = {session.week for session in sessions}
        concerned = set()
        for session in sessions:
            for patient in session.patients:
                concerned.add((patient.key, session.week))
        for short in make_ups(problem, standing, weeks):
            if (short.had.patient, short.had.week) in concerned:
                found.append(short)
    return tuple(found)
