"""Addresses that are told: made, their secret shown once, listed, ended."""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select

from scheduler import audit
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.kernel.ids import new_token
from scheduler.kernel.untrusted.http_answer import Unreachable
from scheduler.kernel.untrusted.safe_http import plain_address
from scheduler.webhooks.hook_events import Event
from scheduler.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from scheduler.webhooks.queries import webhook_named

NAME = re.compile("[a-z0-9-]{1,64}")
SIGN = "kfw_"
"""What every secret begins with."""
ODD = (
    "the address begins with https:// and names a server of the internet, without port or password"
)


def make_webhook(
    name: str, address: str, events: Iterable[Event], *, by: str, now: datetime
) -> str:
    """Let an address be told of these events from now on; return its secret, to be shown once.

    Raises InputError for a name or an address that is none and for no event, Conflict for a name
    that is taken.
    """
    told = tuple(dict.fromkeys(events))
    if not NAME.fullmatch(name):
        raise InputError(f"{name}: a name is up to 64 small letters, digits and hyphens")
    if not told:
        raise InputError("name at least one event")
    plain = _plain(address)
    if db.session.scalar(select(Webhook.id).where(Webhook.name == name)) is not None:
        raise Conflict(f"there is a webhook with the name {name} already")
    secret = SIGN + new_token()
    row = Webhook(
        name=name,
        address=plain,
        sealed=secret,
        events=told,
        made_at=now,
        read_to=db.session.scalar(select(func.max(AuditEntry.number))) or 0,
    )
    db.session.add(row)
    db.session.flush()
    details = {"host": urlsplit(plain).hostname, "events": [event.value for event in told]}
    audit.append("webhook.made", f"webhook {row.id}", details, by=by, now=now)
    return secret


def _plain(address: str) -> str:
    if not address.strip().lower().startswith("https://"):
        raise InputError(ODD)
    try:
        return plain_address(address)
    except Unreachable as error:
        raise InputError(ODD) from error


def end_webhook(name: str, *, by: str, now: datetime) -> bool:
    """Tell an address nothing more, what waits neither; False if it was ended before. Raises
    NotFound.
    """
    row = webhook_named(name)
    if row.ended_at is not None:
        return False
    row.ended_at = now
    row.plain = ""
    row.sealed = None
    db.session.flush()
    audit.append("webhook.ended", f"webhook {row.id}", {}, by=by, now=now)
    return True


def delivery_counts() -> dict[DeliveryState, int]:
    """Return how many deliveries there are in each state, at addresses that are told still."""
    rows = (
        select(WebhookDelivery.state, func.count())
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(Webhook.ended_at.is_(None))
        .group_by(WebhookDelivery.state)
    )
    found = dict.fromkeys(DeliveryState, 0)
    for state, many in db.session.execute(rows):
        found[state] = many
    return found


def failing() -> list[str]:
    """Return of each address that did not take the last thing it was told: its name and why."""
    rows = (
        select(Webhook.name, WebhookDelivery.words)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(
            Webhook.ended_at.is_(None),
            WebhookDelivery.state != DeliveryState.SENT,
            WebhookDelivery.tries > 0,
        )
        .order_by(Webhook.name, WebhookDelivery.made_at)
    )
    found: dict[str, str] = {}
    for name, words in db.session.execute(rows):
        found[name] = words or ""
    return [f"{name}: {words}" for name, words in found.items()]
