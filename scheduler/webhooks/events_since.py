"""What happened since the last look becomes deliveries: ids alone, each once for each address."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.kernel.upsert import insert_absent
from scheduler.sessions.models import Session
from scheduler.tasks.models import Task
from scheduler.webhooks.hook_events import ANSWERED, SCHEDULED, WATCHED, Event, event_of
from scheduler.webhooks.models import DeliveryState, Webhook, WebhookDelivery

AT_ONCE = 500
"""Entries of the record in one look; the next look takes the rest."""
KEPT = timedelta(days=30)
"""How long a delivery that was taken is kept."""


def note_events(*, now: datetime) -> int:
    """Write down what each address is to be told; return how much."""
    hooks = list(db.session.scalars(select(Webhook).where(Webhook.ended_at.is_(None))))
    if not hooks:
        return 0
    _forget(now)
    return sum(_note(hook, now) for hook in hooks)


def _note(hook: Webhook, now: datetime) -> int:
    rows = []
    for event, source, about in [*_from_record(hook), *_from_tasks(hook)]:
        if event in hook.events:
            rows.append(_row(hook, event, source, about, now))
    insert_absent(WebhookDelivery, rows)
    return len(rows)


def _row(
    hook: Webhook, event: Event, source: str, about: dict[str, str], now: datetime
) -> dict[str, Any]:
    delivery_id = new_id()
    said = {"id": delivery_id, "event": event.value, "at": now.isoformat(), "about": about}
    return {
        "id": delivery_id,
        "webhook_id": hook.id,
        "source": source,
        "body": json.dumps(said),
        "made_at": now,
        "state": DeliveryState.WAITING,
        "due_at": now,
        "tries": 0,
    }


Told = tuple[Event, str, dict[str, str]]
"""What happened, where that is known from, and what it is about (ids)."""


def _from_record(hook: Webhook) -> list[Told]:
    """Return what the record says since the last look, and note up to where it was looked."""
    newest = db.session.scalar(select(func.max(AuditEntry.number))) or 0
    last = min(newest, hook.read_to + AT_ONCE)
    if last == hook.read_to:
        return []
    rows = select(AuditEntry).where(
        AuditEntry.number > hook.read_to,
        AuditEntry.number <= last,
        AuditEntry.deed.in_(WATCHED),
    )
    entries = list(db.session.scalars(rows.order_by(AuditEntry.number)))
    hook.read_to = last
    keys: set[str] = set()
    for entry in entries:
        keys.update(_sessions(entry))
    ids = _ids_of(keys)
    found: list[Told] = []
    for entry in entries:
        found += _told_of(entry, ids)
    return found


def _told_of(entry: AuditEntry, ids: Mapping[str, str]) -> list[Told]:
    """Return what one entry is to programs: something about a person, or about each session."""
    event = event_of(entry.deed)
    source = f"record {entry.number}"
    if event is Event.ANSWER_GIVEN:
        return [(event, source, {"person": entry.about.removeprefix("person ")})]
    found: list[Told] = []
    for key in _sessions(entry):
        if key in ids:
            told = (event, f"{source} {ids[key]}", {"session": ids[key]})
            found.append(told)
    return found


def _sessions(entry: AuditEntry) -> list[str]:
    """Return the keys of the sessions an entry is about."""
    if entry.deed == ANSWERED:
        return []
    if entry.deed == SCHEDULED:
        return list(entry.details.get("sessions", []))
    return [entry.about]


def _ids_of(keys: Iterable[str]) -> dict[str, str]:
    """Return the ids of sessions by their keys."""
    wanted = sorted(keys)
    found = {}
    for start in range(0, len(wanted), AT_ONCE):
        end = start + AT_ONCE
        rows = select(Session.key, Session.id).where(Session.key.in_(wanted[start:end]))
        for key, session_id in db.session.execute(rows):
            found[key] = session_id
    return found


def _from_tasks(hook: Webhook) -> list[Told]:
    """Return the open tasks made since the address is told, that it was not told of."""
    if Event.TASK_MADE not in hook.events:
        return []
    known = select(WebhookDelivery.source).where(WebhookDelivery.webhook_id == hook.id)
    rows = select(Task.id).where(
        Task.done_at.is_(None),
        Task.made_at >= hook.made_at,
        ("task " + Task.id).not_in(known),
    )
    found: list[Told] = []
    for task_id in db.session.scalars(rows.order_by(Task.made_at).limit(AT_ONCE)):
        found.append((Event.TASK_MADE, f"task {task_id}", {"task": task_id}))
    return found


def _forget(now: datetime) -> None:
    """Forget what was taken long ago; what a task came from is kept while the task is open."""
    old = delete(WebhookDelivery).where(
        WebhookDelivery.state == DeliveryState.SENT,
        WebhookDelivery.due_at < now - KEPT,
        WebhookDelivery.source.not_like("task %"),
    )
    db.session.execute(old)
