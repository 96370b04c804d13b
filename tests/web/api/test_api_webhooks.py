"""Programs arrange by themselves to be told of events, and see what became of it."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people.accounts.models import ApiAnswer
from scheduler.people.models import Role
from scheduler.webhooks import Event, all_webhooks
from scheduler.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from tests.web.api.caller import Program, program
from tests.web.api.near import moss
from tests.web.house import NOW

EHR = {"name": "ehr", "address": "https://ehr.example/hook"}


@pytest.fixture
def administrator(house: Flask) -> Program:
    """Who may, and no more."""
    moss(Role.ADMINISTRATOR, "other")
    return program(house, "moss")


def hooks() -> list[tuple[str, str, tuple[Event, ...], bool]]:
    db.session.rollback()
    return [(row.name, row.address, row.events, row.ended_at is None) for row in all_webhooks()]


def test_program_is_told_from_now_on_and_learns_its_secret_once(administrator: Program) -> None:
    made = administrator.call("POST", "/webhooks", EHR, Idempotency_Key="a")
    again = administrator.call("POST", "/webhooks", EHR, Idempotency_Key="a")
    (listed,) = administrator.get("/webhooks").get_json()["items"]

    assert (made.status_code, again.status_code) == (201, 201)
    secret = made.get_json()["secret"]
    assert secret == db.session.scalars(select(Webhook)).one().secret
    assert again.get_json() == made.get_json() | {"secret": None}
    assert listed == {name: made.get_json()[name] for name in listed}
    assert hooks() == [("ehr", "https://ehr.example/hook", tuple(Event), True)]
    kept = [str(row.answer) for row in db.session.scalars(select(ApiAnswer))]
    assert [secret in words for words in kept] == [False]


def test_rehearsal_makes_none_and_tells_no_secret(administrator: Program) -> None:
    said = administrator.call("POST", "/webhooks?dry_run=true", EHR).get_json()

    assert (said["dry_run"], said["result"]["secret"]) == (True, None)
    assert hooks() == []


def test_end_is_final_and_may_be_said_twice(administrator: Program) -> None:
    administrator.call("POST", "/webhooks", EHR)
    ended = [administrator.call("POST", "/webhooks/ehr/end") for _ in range(2)]

    assert [answer.status_code for answer in ended] == [200, 200]
    assert ended[0].get_json() == ended[1].get_json()
    assert hooks()[0][3] is False
    assert administrator.call("POST", "/webhooks/nobody/end").status_code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"address": "http://ehr.example/hook"}, 422),
        ({"address": "https://127.0.0.1/hook"}, 422),
        ({"name": "The EHR"}, 422),
        ({"events": ["session.deleted"]}, 422),
        ({"events": []}, 422),
        ({"colour": "red"}, 422),
    ],
)
def test_what_the_desk_refuses_is_refused(
    administrator: Program, change: dict[str, object], status: int
) -> None:
    assert administrator.call("POST", "/webhooks", EHR | change).status_code == status
    assert hooks() == []


def test_delivery_is_listed_with_what_it_tells_and_what_became_of_it(
    administrator: Program,
) -> None:
    administrator.call("POST", "/webhooks", EHR)
    (hook,) = all_webhooks()
    row = WebhookDelivery(
        id="0" * 32,
        webhook_id=hook.id,
        source="task a",
        body=json.dumps({"event": "task.made", "about": {"task": "1" * 32}}),
        made_at=NOW,
        state=DeliveryState.WAITING,
        due_at=NOW + timedelta(minutes=1),
        tries=1,
        words="it answered 500",
    )
    db.session.add(row)
    db.session.commit()

    found = [
        administrator.get(f"/deliveries{question}").get_json()["items"]
        for question in ("", "?webhook=ehr", "?state=waiting", "?state=sent")
    ]

    assert found[0] == [
        {
            "id": "0" * 32,
            "webhook": "ehr",
            "event": "task.made",
            "about": {"task": "1" * 32},
            "state": "waiting",
            "made_at": NOW.isoformat(),
            "due_at": (NOW + timedelta(minutes=1)).isoformat(),
            "tries": 1,
            "why": "it answered 500",
        }
    ]
    assert found[1:] == [found[0], found[0], []]
    assert administrator.get("/deliveries?webhook=nobody").status_code == 404
