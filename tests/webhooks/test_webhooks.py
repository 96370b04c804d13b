"""Programs told what happened: ids alone, signed, at least once, never inside the house."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from fakes.calendar_server import HOST, CalendarServer, serving
from household import NOW, Household
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.kernel.schema import migrate
from scheduler.kernel.untrusted.safe_http import Network
from scheduler.outbox import SIGNATURE, TIME, is_genuine
from scheduler.sessions import cancel
from scheduler.tasks import raise_task
from scheduler.webhooks import (
    Event,
    all_webhooks,
    claim,
    delivery_counts,
    end_webhook,
    failing,
    hand_over,
    make_webhook,
    note_events,
    settle,
    webhook_named,
)
from scheduler.webhooks.deliver_events import Due
from scheduler.webhooks.models import DeliveryState, WebhookDelivery
from scheduler.worker.strangers.event_round import tell_programs

URL = f"https://{HOST}/kinfold"
Tell = Callable[..., int]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CalendarServer]:
    with serving(tmp_path) as server:
        yield server


@pytest.fixture
def secret(home: Household) -> str:
    """An address that is told of everything."""
    secret = make_webhook("ehr", URL, tuple(Event), by="desk", now=NOW)
    db.session.commit()
    return secret


@pytest.fixture
def tell(server: CalendarServer) -> Tell:
    """The worker's round, so much later."""

    def round_after(later: timedelta = timedelta()) -> int:
        with clock.turned_to(lambda: NOW + later):
            note_events(now=NOW + later)
            db.session.commit()
            return tell_programs(reach=server.reach)

    return round_after


def cancelled(home: Household) -> str:
    """A session is cancelled; its id."""
    session = home.appointment(1)
    cancel(session, by="desk", now=NOW)
    db.session.commit()
    return session.id


def test_cancelled_session_is_told_by_its_id_and_signed(
    home: Household, secret: str, server: CalendarServer, tell: Tell
) -> None:
    session_id = cancelled(home)

    told = tell(), tell()

    assert told == (1, 0)
    (asked,) = server.asked
    said = json.loads(asked["body"])
    assert said["about"] == {"session": session_id}
    assert (said["event"], said["id"]) == ("session.changed", asked["x-kinfold-event"])
    genuine = asked[TIME.lower()], asked[SIGNATURE.lower()]
    assert is_genuine(secret, asked["body"].encode(), *genuine, NOW)
    assert not is_genuine("kfw_other", asked["body"].encode(), *genuine, NOW)
    assert not {"jordan", "p-1", "lee"} & set(asked["body"].lower().split('"'))


def test_example_of_the_docs_knows_what_is_genuine(
    home: Household, secret: str, server: CalendarServer, tell: Tell
) -> None:
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    (example,) = re.findall(r"^```python\n(import hashlib.*?)^```$", text, re.M | re.S)
    said: dict[str, Any] = {}
    exec(example, said)
    cancelled(home)
    tell()
    (asked,) = server.asked
    headers = {"X-Kinfold-Time": asked[TIME.lower()]}
    headers["X-Kinfold-Signature"] = asked[SIGNATURE.lower()]
    body = asked["body"].encode()
    late = NOW.timestamp() + 400

    assert said["is_genuine"](secret, body, headers, NOW.timestamp()) is True
    assert said["is_genuine"](secret, body + b" ", headers, NOW.timestamp()) is False
    assert said["is_genuine"](secret, body, headers, late) is False


def test_task_is_told_once(
    home: Household, secret: str, server: CalendarServer, tell: Tell
) -> None:
    raise_task("odd", "a-matter", "Look at Jordan Lee", about_id=home.jordan.id, now=NOW)
    db.session.commit()
    tell()
    tell()

    (asked,) = server.asked
    assert json.loads(asked["body"])["event"] == "task.made"
    assert "Jordan" not in asked["body"]


def test_what_was_before_and_what_is_not_asked_for_is_not_told(
    home: Household, server: CalendarServer, tell: Tell
) -> None:
    cancelled(home)
    make_webhook("late", URL, (Event.SESSION_CHANGED,), by="desk", now=NOW)
    make_webhook("answers", URL, (Event.ANSWER_GIVEN,), by="desk", now=NOW)
    home.appointment(3, week=2)
    db.session.commit()

    assert tell() == 0


def test_address_that_does_not_take_it_is_told_again_with_the_same_id(
    home: Household, secret: str, server: CalendarServer, tell: Tell
) -> None:
    cancelled(home)
    server.status = 500
    tell()
    faults = failing()
    soon = tell(timedelta(seconds=20))
    server.status = 204
    tell(timedelta(seconds=31))

    assert faults == ["ehr: it answered 500"]
    assert soon == 0
    first, second = server.asked
    assert first["body"] == second["body"]
    assert failing() == []
    assert delivery_counts()[DeliveryState.SENT] == 1


def test_lease_that_ran_out_is_taken_over_and_the_late_word_is_not_heard(
    home: Household, secret: str, server: CalendarServer
) -> None:
    cancelled(home)
    note_events(now=NOW)
    slow = claim(now=NOW)
    none = claim(now=NOW)
    again = claim(now=NOW + timedelta(minutes=3))
    assert slow is not None
    assert again is not None
    taken = hand_over(slow, now=NOW, reach=server.reach)
    settle(slow, taken, now=NOW)

    assert none is None
    assert (slow.id, again.tries) == (again.id, 2)
    assert delivery_counts()[DeliveryState.WAITING] == 1


def test_given_up_after_many_tries(home: Household, secret: str, server: CalendarServer) -> None:
    cancelled(home)
    note_events(now=NOW)
    server.status = 410
    row = db.session.scalars(select(WebhookDelivery)).one()
    row.tries = 19
    due = claim(now=NOW)
    assert due is not None
    settle(due, hand_over(due, now=NOW, reach=server.reach), now=NOW)

    assert row.state is DeliveryState.GIVEN_UP
    assert failing() == ["ehr: it answered 410"]


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "fd00::1"])
def test_address_inside_the_house_is_never_told(
    home: Household, secret: str, server: CalendarServer, inside: str
) -> None:
    cancelled(home)
    note_events(now=NOW)
    due = claim(now=NOW)
    assert due is not None

    taken = hand_over(due, now=NOW, reach=Network(places=Place(inside, server.port)))

    assert (taken.status, server.asked) == (None, [])
    assert "no known server of the open internet" in str(taken.wrong)


class Place:
    """A name server that leads to one place."""

    def __init__(self, ip: str, port: int) -> None:
        self.where = (ip, port)

    def __call__(self, host: str) -> list[tuple[str, int]]:
        return [self.where]


def one(address: str = URL) -> Due:
    """Something to tell that is in no database."""
    return Due("a" * 32, address, "a secret", "{}", 1)


def test_address_that_does_not_answer_in_time_is_let_go(server: CalendarServer) -> None:
    server.pause = 5.0

    taken = hand_over(one(), now=NOW, reach=server.reach, wall=1.0)

    assert (taken.is_good, taken.status) == (False, None)
    assert taken.wrong


@pytest.mark.parametrize("wrong", ["for another name", "of nobody we know"])
def test_address_with_a_wrong_certificate_is_told_nothing(
    server: CalendarServer, wrong: str
) -> None:
    reach = server.reach
    address = URL
    if wrong == "for another name":
        address = "https://other.example/kinfold"
    else:
        reach = replace(reach, authorities=None)

    taken = hand_over(one(address), now=NOW, reach=reach)

    assert (taken.is_good, taken.status, server.asked) == (False, None, [])
    assert "certificate" in str(taken.wrong)


def test_address_where_nobody_listens_is_tried_again(server: CalendarServer) -> None:
    nobody = Network(Place("127.0.0.1", 1), server.reach.allowed, server.authorities)

    taken = hand_over(one(), now=NOW, reach=nobody)

    assert (taken.is_good, taken.status) == (False, None)
    assert taken.wrong


@pytest.mark.parametrize("to", [URL + "/other", "https://169.254.169.254/latest/meta-data/"])
def test_redirect_is_not_followed(
    home: Household, secret: str, server: CalendarServer, tell: Tell, to: str
) -> None:
    cancelled(home)
    server.status = 307
    server.location = to
    tell()

    assert [asked["path"] for asked in server.asked] == ["/kinfold"]
    assert failing() == ["ehr: it answered 307"]


def test_ended_address_is_told_nothing_more(
    home: Household, secret: str, server: CalendarServer, tell: Tell
) -> None:
    cancelled(home)
    note_events(now=NOW)
    end_webhook("ehr", by="desk", now=NOW)
    db.session.commit()

    assert (tell(), server.asked) == (0, [])
    assert [row.secret for row in all_webhooks()] == [""]
    assert end_webhook("ehr", by="desk", now=NOW) is False


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example/a",
        "https://127.0.0.1/a",
        "https://localhost/a",
        "https://user:secret@hooks.example/a",
        "https://hooks.example:8443/a",
        "webcal://hooks.example/a",
        "ftp://hooks.example",
    ],
)
def test_address_that_may_not_be_told_is_refused(home: Household, address: str) -> None:
    with pytest.raises(InputError, match="https://"):
        make_webhook("ehr", address, tuple(Event), by="desk", now=NOW)


def test_secret_stands_only_sealed_until_it_is_ended(home: Household, secret: str) -> None:
    row = "SELECT secret, sealed FROM webhooks"
    plain, sealed = db.session.execute(text(row)).one()

    assert (plain, secret in sealed, webhook_named("ehr").secret) == ("", False, secret)
    end_webhook("ehr", by="desk", now=NOW)
    assert tuple(db.session.execute(text(row)).one()) == ("", None)


def test_secret_that_stood_open_is_sealed_by_the_migration(home: Household, secret: str) -> None:
    """As 0120 left it, and as a bare migration, which has no key, leaves it."""
    opened = text("UPDATE webhooks SET secret = :secret, sealed = NULL")
    db.session.execute(opened, {"secret": secret})
    db.session.expire_all()
    assert webhook_named("ehr").secret == secret
    scripts = ScriptDirectory.from_config(migrate.alembic_config())
    step = scripts.get_revision("0121")
    assert step is not None
    line = db.session.connection()
    with Operations.context(MigrationContext.configure(line)):
        step.module.upgrade_rows()
    db.session.expire_all()

    plain = db.session.execute(text("SELECT secret FROM webhooks")).scalar_one()
    assert (plain, webhook_named("ehr").secret) == ("", secret)


def test_name_is_given_once(home: Household, secret: str) -> None:
    with pytest.raises(Conflict):
        make_webhook("ehr", URL, tuple(Event), by="desk", now=NOW)
