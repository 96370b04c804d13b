"""The first page of the desk tells an administrator what awaits them."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox.models import Heartbeat
from scheduler.people import need_factor_from, person_by_key
from scheduler.people.accounts.models import FactorLoss
from scheduler.people.models import Role
from tests.web.house import NOW, sign_in_staff
from visitor import words
from watch import Watch

LOST = "The telephone of Ana Rivera is lost"


@pytest.fixture
def admin(house: Flask, clock: Watch) -> FlaskClient:
    """Somebody who is an administrator and nothing else."""
    account = person_by_key("desk").clinician
    assert account is not None
    account.roles = (Role.ADMINISTRATOR,)
    db.session.commit()
    client = house.test_client()
    assert sign_in_staff(client).location == "/desk/"
    return client


def today(client: FlaskClient) -> str:
    return words(client.get("/desk/"))


def lost(key: str, *, asked_by: str) -> None:
    loss = FactorLoss(
        person_id=person_by_key(key).id,
        asked_by_id=person_by_key(asked_by).id,
        asked_at=now(),
        ends_at=now() + timedelta(days=1),
    )
    db.session.add(loss)
    db.session.commit()


def test_administrator_hears_who_waits_for_them(admin: FlaskClient) -> None:
    said = today(admin)

    assert "Ana Rivera has no password yet" in said
    assert "No worker is running" in said
    assert "Nothing is waiting for you." not in said
    assert 'href="/desk/accounts/"' in admin.get("/desk/").text


def test_lost_telephone_is_for_another_than_who_asked(admin: FlaskClient) -> None:
    lost("rivera", asked_by="desk")
    assert LOST not in today(admin)
    db.session.query(FactorLoss).update({"asked_by_id": person_by_key("rivera").id})
    db.session.commit()

    assert LOST in today(admin)


def test_second_factor_is_missed_once_a_day_is_set(admin: FlaskClient) -> None:
    assert "second factor" not in today(admin)
    need_factor_from(date(2099, 1, 1), by="desk", now=NOW)
    db.session.commit()

    assert "No second factor yet, which staff need from 2099-01-01 on: Sam Wren, Ana Rivera." in (
        today(admin)
    )


def test_where_a_worker_ticks_nothing_is_said_of_it(admin: FlaskClient) -> None:
    db.session.add(Heartbeat(node="a", boot="a", began_at=NOW, ticked_at=now()))
    db.session.commit()

    assert "No worker is running" not in today(admin)


def test_clinician_hears_nothing_of_accounts(house: Flask, clock: Watch) -> None:
    account = person_by_key("desk").clinician
    assert account is not None
    account.roles = (Role.COORDINATOR,)
    db.session.commit()
    client = house.test_client()
    sign_in_staff(client)

    assert "has no password yet" not in today(client)
