"""What no longer holds of the plans that deeds since a moment touch: no other plan is judged."""

from datetime import datetime

from sqlalchemy import func, select

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.planning.follow.follow_facts import PlanToMend
from scheduler.planning.follow.touched_cohorts import touched_cohorts
from scheduler.planning.proposals.holds import still_holds
from scheduler.planning.proposals.queries import published_and_running_cohorts


def newest_deed() -> int:
    """Return the number of the newest deed on the record, 0 before the first."""
    last = func.max(AuditEntry.number)
    number = db.session.scalar(select(last))
    return number or 0


def broken_since(number: int, *, now: datetime) -> list[PlanToMend]:
    """Return the cohorts that deeds after `number` touch and of which what is published does not
    hold at `now`, by key.
    """
    running = published_and_running_cohorts(now=now)
    touched = touched_cohorts(running, since=number)
    found = []
    for cohort in running:
        if cohort.id not in touched:
            continue
        broken = still_holds(cohort.key, now=now)
        if broken:
            found.append(PlanToMend(cohort.key, broken))
    return found
