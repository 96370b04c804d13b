"""A look at each plan whose facts changed, and what no longer holds as a task that goes away by
itself.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from scheduler import tasks
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.kernel.upsert import insert_absent
from scheduler.planning.follow.touched_cohorts import touched_cohorts
from scheduler.planning.proposals.holds import Broken, still_holds
from scheduler.planning.proposals.models import PlanLook
from scheduler.planning.proposals.queries import published_and_running_cohorts
from scheduler.programs.models import Cohort

KIND = "plan"
"""The kind of the tasks."""
AT_ONCE = 5
"""Cohorts looked at in one round; the others follow in the next."""
FAR = 1000
"""Deeds without a look after which it is noted how far the record was read."""


@dataclass(frozen=True, slots=True)
class PlanToMend:
    """A cohort of which what is published no longer holds, by its key, and why."""

    cohort: str
    broken: tuple[Broken, ...]


@dataclass(frozen=True, slots=True)
class _Round:
    running: list[Cohort]
    looks: dict[str, PlanLook]
    newest: int
    due: list[Cohort]


def follow_facts(*, by: str, now: datetime) -> int:
    """Look at the published cohorts that a fact touched since the last look, and at each once a
    day; bring the tasks up to what was found. Return how many were looked at.
    """
    whole = _round(now)
    chosen = whole.due[:AT_ONCE]
    for cohort in chosen:
        _look(cohort, whole, now)
    ended = _forget(whole)
    if chosen or ended:
        _sync(whole.running, by=by, now=now)
    elif whole.looks and whole.newest - _read_up_to(whole) > FAR:
        for look in whole.looks.values():
            look.seen = whole.newest
    return len(chosen)


def plans_to_mend(*, now: datetime) -> list[PlanToMend]:
    """Return the cohorts of which what is published does not hold at `now`, by key: only those are
    judged that were seen not to, or that a fact touched since.
    """
    whole = _round(now, daily=False)
    touched = {cohort.id for cohort in whole.due}
    found = []
    for cohort in whole.running:
        look = whole.looks.get(cohort.id)
        was_broken = look is not None and bool(look.broken)
        if cohort.id not in touched and not was_broken:
            continue
        broken = still_holds(cohort.key, now=now)
        if broken:
            found.append(PlanToMend(cohort.key, broken))
    return found


def _round(now: datetime, *, daily: bool = True) -> _Round:
    """Return what is there to be looked at."""
    running = published_and_running_cohorts(now=now)
    looks = {}
    for known in db.session.scalars(select(PlanLook)):
        looks[known.cohort_id] = known
    last = select(func.max(AuditEntry.number))
    newest = db.session.scalar(last) or 0
    touched = _touched_since(running, looks, newest)
    due = []
    for cohort in running:
        look = looks.get(cohort.id)
        if look is None:
            due.append(cohort)
            continue
        is_touched = touched.get(cohort.id, 0) > look.seen
        is_of_yesterday = look.looked_at.date() != now.date()
        if is_touched or (daily and is_of_yesterday):
            due.append(cohort)
    return _Round(running, looks, newest, due)


def _touched_since(
    running: list[Cohort], looks: Mapping[str, PlanLook], newest: int
) -> Mapping[str, int]:
    """Return by cohort (id) the newest deed that touches it since the oldest of the looks."""
    seen = []
    for cohort in running:
        look = looks.get(cohort.id)
        if look is not None:
            seen.append(look.seen)
    since = min(seen, default=newest)
    if since >= newest:
        return {}
    return touched_cohorts(running, since=since)


def _look(cohort: Cohort, whole: _Round, now: datetime) -> None:
    broken = [_document(rule) for rule in still_holds(cohort.key, now=now)]
    look = whole.looks.get(cohort.id)
    if look is None:
        new = {"cohort_id": cohort.id, "seen": whole.newest, "looked_at": now, "broken": broken}
        insert_absent(PlanLook, [new])
        return
    look.seen = whole.newest
    look.looked_at = now
    look.broken = broken


def _forget(whole: _Round) -> int:
    """Let go of cohorts that are over or no longer published; return how many."""
    running = {cohort.id for cohort in whole.running}
    ended = [look for key, look in whole.looks.items() if key not in running]
    for look in ended:
        db.session.delete(look)
    return len(ended)


def _read_up_to(whole: _Round) -> int:
    return min(look.seen for look in whole.looks.values())


def _document(rule: Broken) -> list[str | None]:
    finding = rule.finding
    return [finding.rule.value, finding.session, finding.patient]


def _sync(running: Sequence[Cohort], *, by: str, now: datetime) -> None:
    """Make the open tasks those of the cohorts that do not hold."""
    db.session.flush()
    looks = {}
    for look in db.session.scalars(select(PlanLook)):
        looks[look.cohort_id] = look
    matters = []
    for cohort in running:
        known = looks.get(cohort.id)
        if known is not None and known.broken:
            matter = _matter(cohort.key, known.broken)
            matters.append(matter)
    tasks.sync_tasks(KIND, matters, by=by, now=now)


def _matter(cohort: str, broken: list[Any]) -> tasks.Matter:
    """Return one matter a cohort: another one as soon as something else is broken, too."""
    rules = {rule for rule, _, _ in broken}
    named = ", ".join(sorted(rules))
    words = (
        f"Something changed: published sessions of {cohort} now break rules ({len(broken)}: "
        f"{named}). Its page names each with what mends it."
    )
    each = sorted(repr(rule) for rule in broken)
    whole = hashlib.sha256(repr(each).encode())
    digest = whole.hexdigest()[:32]
    key = f"{KIND}:{cohort}:{digest}"
    return tasks.Matter(key, words, None)
