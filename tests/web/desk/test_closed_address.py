"""An address that takes no letters, at the desk: whose it is, what waits, and trying it again."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from scheduler.invitations import note_bounce
from scheduler.kernel.database import db
from scheduler.outbox import claim, closed_addresses
from scheduler.tasks import open_tasks
from tests.web.house import post, sign_in_staff
from visitor import letters, words
from watch import Watch

PAGE = "/desk/letters"


@pytest.fixture
def desk(visitor: FlaskClient, clock: Watch) -> FlaskClient:
    """A coordinator; the mother's address failed for good, and one letter of hers waits."""
    sign_in_staff(visitor)
    first = letters("invitation")[0]
    note_bounce(first, "5.1.1 no such user", for_good=True, now=clock.moment)
    clock.moment += timedelta(minutes=1)
    claim("w", now=clock.moment)
    db.session.commit()
    return visitor


def test_closed_address_is_seen_with_what_waits(desk: FlaskClient) -> None:
    page = words(desk.get(PAGE))

    assert "Dana Lee dana@family.example Since" in page
    assert "5.1.1 no such user" in page
    assert "2 letters wait" in page


def test_task_leads_to_it(desk: FlaskClient) -> None:
    (row,) = closed_addresses()

    assert f'href="/desk/letters#address-{row.id}"' in desk.get("/desk/needs").text


def test_trying_it_again_lets_go_and_says_how_many(desk: FlaskClient) -> None:
    (row,) = closed_addresses()

    answer = post(desk, f"/desk/letters/addresses/{row.id}", PAGE)

    assert answer.status_code == 303
    page = words(desk.get(PAGE))
    assert "2 letters go out now" in page
    assert "Addresses that take no letters" not in page
    assert open_tasks() == []


def test_address_that_is_open_again_cannot_be_tried_twice(desk: FlaskClient) -> None:
    (row,) = closed_addresses()
    url = f"/desk/letters/addresses/{row.id}"
    post(desk, url, PAGE)

    assert post(desk, url, "/desk/needs").status_code == 404
