"""/webhooks and /deliveries: programs that are told of events, and where each telling is."""

import json
from datetime import datetime
from typing import Any

from scheduler.people import Deed, Scope
from scheduler.web.api.door.api_routes import Answered, Call, Document, page_of, route
from scheduler.web.api.door.field_schemas import (
    COUNT,
    ID,
    KEY,
    LINE,
    MOMENT,
    list_schema,
    one_of,
    or_null,
    record,
)
from scheduler.webhooks import (
    Event,
    Place,
    all_webhooks,
    deliveries_page,
    end_webhook,
    make_webhook,
    webhook_named,
)
from scheduler.webhooks.models import DeliveryState, Webhook, WebhookDelivery

EVENTS: dict[str, Any] = {
    "type": "array",
    "items": one_of(Event),
    "minItems": 1,
    "uniqueItems": True,
}
ADDRESS = {"type": "string", "minLength": 1, "maxLength": 2000}
TOLD = {
    "name": KEY,
    "address": LINE,
    "events": EVENTS,
    "made_at": MOMENT,
    "ended_at": or_null(MOMENT),
}
WEBHOOK = record(TOLD)
NEW = record({"name": KEY, "address": ADDRESS, "events": EVENTS}, needed=("name", "address"))
DELIVERY = record(
    {
        "id": ID,
        "webhook": KEY,
        "event": one_of(Event),
        "about": {"type": "object", "additionalProperties": ID},
        "state": one_of(DeliveryState),
        "made_at": MOMENT,
        "due_at": MOMENT,
        "tries": COUNT,
        "why": or_null(LINE),
    }
)


@route(
    "GET",
    "/webhooks",
    deed=Deed.ACCOUNTS,
    scope=Scope.READ,
    gives=list_schema(WEBHOOK),
    is_list=True,
)
def list_webhooks(call: Call) -> Answered:
    """List the addresses that are or were told, by name; never a secret."""
    after = call.after[0] if call.after else ""
    ahead = [row for row in all_webhooks() if row.name > after]
    return page_of(
        call,
        ahead[: call.limit + 1],
        place=lambda row: [row.name],
        document=webhook_document,
    )


@route(
    "POST",
    "/webhooks",
    deed=Deed.ACCOUNTS,
    scope=Scope.WRITE,
    takes=NEW,
    gives=record({**TOLD, "secret": or_null(LINE)}),
    status=201,
    rehearses=True,
)
def add_webhook(call: Call) -> Answered:
    """Tell an address from now on; its secret is in this answer alone, in no repeat of it."""
    name = call.body["name"]
    secret = make_webhook(
        name,
        call.body["address"],
        [Event(word) for word in call.body.get("events", Event)],
        by=call.by,
        now=call.now,
    )
    document = webhook_document(webhook_named(name)) | {"secret": None}
    return Answered(document, shown_once={"secret": secret})


@route(
    "POST",
    "/webhooks/<key>/end",
    deed=Deed.ACCOUNTS,
    scope=Scope.WRITE,
    takes=record({}),
    gives=WEBHOOK,
    rehearses=True,
)
def stop_webhook(call: Call) -> Answered:
    """Tell an address nothing more, what waits neither; final."""
    end_webhook(call.key, by=call.by, now=call.now)
    return Answered(webhook_document(webhook_named(call.key)))


@route(
    "GET",
    "/deliveries",
    deed=Deed.ACCOUNTS,
    scope=Scope.READ,
    asks={"webhook": KEY, "state": one_of(DeliveryState)},
    gives=list_schema(DELIVERY),
    is_list=True,
)
def list_deliveries(call: Call) -> Answered:
    """List what is told: what waits, was taken, was given up; in each the latest first."""
    args = call.args
    asked = webhook_named(args["webhook"]).id if "webhook" in args else None
    after = None
    if call.after:
        state, due, delivery_id = call.after
        after = Place(DeliveryState(state), datetime.fromisoformat(due), delivery_id)
    rows = deliveries_page(
        asked,
        DeliveryState(args["state"]) if "state" in args else None,
        after=after,
        limit=call.limit + 1,
    )
    names = {row.id: row.name for row in all_webhooks()}
    return page_of(
        call,
        rows,
        place=lambda row: [row.state.value, row.due_at.isoformat(), row.id],
        document=lambda row: delivery_document(row, names[row.webhook_id]),
    )


def webhook_document(row: Webhook) -> Document:
    """Return what the API says of an address that is told."""
    return {
        "name": row.name,
        "address": row.address,
        "events": [event.value for event in row.events],
        "made_at": row.made_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }


def delivery_document(row: WebhookDelivery, webhook: str) -> Document:
    """Return what the API says of one telling; `webhook` is the name of whom it tells."""
    said = json.loads(row.body)
    return {
        "id": row.id,
        "webhook": webhook,
        "event": said["event"],
        "about": said["about"],
        "state": row.state.value,
        "made_at": row.made_at.isoformat(),
        "due_at": row.due_at.isoformat(),
        "tries": row.tries,
        "why": row.words,
    }
