"""Deliveries page by page: by what became of them, and in each what is due last first."""

from datetime import timedelta

import pytest

from household import NOW, Household
from scheduler.kernel.database import db
from scheduler.webhooks import Event, Place, deliveries_page, make_webhook, webhook_named
from scheduler.webhooks.models import DeliveryState, WebhookDelivery

STATES = (*DeliveryState, *DeliveryState)
"""Waiting, sent, given up; then once more, a minute later each."""


@pytest.fixture
def hooks(home: Household) -> dict[str, str]:
    """The ids of two addresses; one was told six things, the other one."""
    found = {}
    for name in ("ehr", "payer"):
        address = f"https://{name}.example/"
        make_webhook(name, address, tuple(Event), by="desk", now=NOW)
        found[name] = webhook_named(name).id
    told("payer 0", found["payer"], DeliveryState.WAITING, 0)
    for number, state in enumerate(STATES):
        told(f"ehr {number}", found["ehr"], state, number)
    db.session.commit()
    return found


def told(source: str, hook: str, state: DeliveryState, minutes: int) -> None:
    """Lay down something that an address was told."""
    row = WebhookDelivery(
        webhook_id=hook,
        source=source,
        body="{}",
        made_at=NOW,
        state=state,
        due_at=NOW + timedelta(minutes=minutes),
        tries=0,
    )
    db.session.add(row)


def sources(rows: list[WebhookDelivery]) -> list[str]:
    return [row.source for row in rows]


def test_deliveries_follow_one_another_over_pages(hooks: dict[str, str]) -> None:
    first = deliveries_page(hooks["ehr"], None, after=None, limit=4)
    last = first[-1]
    place = Place(last.state, last.due_at, last.id)
    rest = deliveries_page(hooks["ehr"], None, after=place, limit=4)

    assert sources(first) == ["ehr 3", "ehr 0", "ehr 4", "ehr 1"]
    assert sources(rest) == ["ehr 5", "ehr 2"]


def test_deliveries_of_one_state_are_of_every_address(hooks: dict[str, str]) -> None:
    waiting = deliveries_page(None, DeliveryState.WAITING, after=None, limit=9)

    assert sources(waiting)[0] == "ehr 3"
    assert sorted(sources(waiting)[1:]) == ["ehr 0", "payer 0"]
