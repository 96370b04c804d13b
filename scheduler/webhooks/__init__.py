"""Other programs told that something happened here: that it did and what it is about, by ids alone;
they ask the API for the rest, within what their token may know.

What happened is read from the record and the tasks, after the fact: nothing that writes a session
knows of it.
"""

from scheduler.webhooks.addresses_told import (
    delivery_counts,
    end_webhook,
    failing,
    make_webhook,
)
from scheduler.webhooks.deliver_events import Due, claim, hand_over, settle
from scheduler.webhooks.events_since import note_events
from scheduler.webhooks.hook_events import Event
from scheduler.webhooks.queries import Place, all_webhooks, deliveries_page, webhook_named
from scheduler.webhooks.webhook_secrets import seal_webhooks, sealed_webhooks

__all__ = [
    "Due",
    "Event",
    "Place",
    "all_webhooks",
    "claim",
    "deliveries_page",
    "delivery_counts",
    "end_webhook",
    "failing",
    "hand_over",
    "make_webhook",
    "note_events",
    "seal_webhooks",
    "sealed_webhooks",
    "settle",
    "webhook_named",
]
