"""Reads of what is told that several ask."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, tuple_

from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.webhooks.models import DeliveryState, Webhook, WebhookDelivery


class Place(NamedTuple):
    """Where in the list of deliveries one stands."""

    state: DeliveryState
    due_at: datetime
    id: str


def webhook_named(name: str) -> Webhook:
    """Return the address of this name, told still or ended. Raises NotFound."""
    row = db.session.scalars(select(Webhook).where(Webhook.name == name)).one_or_none()
    if row is None:
        raise NotFound(f"there is no webhook with the name {name}")
    return row


def all_webhooks() -> list[Webhook]:
    """Return every address that is or was told, by name."""
    return list(db.session.scalars(select(Webhook).order_by(Webhook.name)))


def deliveries_page(
    webhook_id: str | None, state: DeliveryState | None, *, after: Place | None, limit: int
) -> list[WebhookDelivery]:
    """Return the first deliveries of an address and a state (None: of all), after one of them: what
    waits, what was sent, what was given up, and in each what is due last first.
    """
    order = (WebhookDelivery.state, WebhookDelivery.due_at, WebhookDelivery.id)
    wanted = select(WebhookDelivery).order_by(*(column.desc() for column in order)).limit(limit)
    if webhook_id is not None:
        wanted = wanted.where(WebhookDelivery.webhook_id == webhook_id)
    if state is not None:
        wanted = wanted.where(WebhookDelivery.state == state)
    if after is not None:
        wanted = wanted.where(tuple_(*order) < after)
    return list(db.session.scalars(wanted))
