"""What was handed over lasts a minute: another is a button away while the person may go in, and
nothing is left of it after a withdrawal, a discharge, a cancellation or the end.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from cast import Cast
from scheduler.admissions import discharge
from scheduler.consents import revoke
from scheduler.kernel.database import db
from scheduler.sessions import cancel
from tests.web.family.test_join import FORWARD, JITSI, NOW, STARTS, door, first_session, stage
from visitor import TOKEN, send, sign_in
from watch import Watch

__all__ = ["NOW", "stage"]
AGAIN = re.compile(r'action="([^"]+)" class="wide" data-again')
MINUTE = timedelta(minutes=1)
HANDED = STARTS + timedelta(minutes=10)


def withdrawn(stage: Cast, at: datetime) -> None:
    revoke(person=stage.dana, patient=stage.jordan, by="sam", now=at)


def discharged(stage: Cast, at: datetime) -> None:
    discharge(stage.jordan, date(2027, 3, 8), by="sam", now=at)


def cancelled(stage: Cast, at: datetime) -> None:
    cancel(first_session(), by="sam", now=at)


def test_page_of_the_room_gives_another_way_in_when_the_first_is_too_old(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = HANDED
    page = door(stage)
    sign_in(client, stage.dana)
    first = send(client, page)
    watch.moment += MINUTE
    button = AGAIN.search(first.text)
    assert button is not None

    second = send(client, button[1])

    handed = [FORWARD.search(answer.text) for answer in (first, second)]
    guests = [way is not None and JITSI.enter(way[1], watch.moment) for way in handed]
    assert [guest.name if guest else None for guest in guests] == [None, "Dana"]


@pytest.mark.parametrize("end", [withdrawn, discharged, cancelled])
def test_nothing_that_was_handed_over_opens_a_minute_after_what_ended_it(
    client: FlaskClient, stage: Cast, watch: Watch, end: Callable[[Cast, datetime], None]
) -> None:
    watch.moment = HANDED
    page = door(stage)
    sign_in(client, stage.dana)
    answer = send(client, page)
    handed = FORWARD.search(answer.text)
    form = TOKEN.search(answer.text)
    assert handed is not None and form is not None
    before = JITSI.enter(handed[1], watch.moment)
    end(stage, watch.moment)
    db.session.commit()

    at_once = client.post(page, data={"csrf_token": form[1]})

    assert before is not None
    assert (FORWARD.search(at_once.text), "meet.example" in at_once.text) == (None, False)
    assert JITSI.enter(handed[1], watch.moment + MINUTE) is None


def test_nothing_that_was_handed_over_opens_after_the_end(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    ends = STARTS + timedelta(hours=1)
    watch.moment = ends - timedelta(seconds=30)
    page = door(stage)
    sign_in(client, stage.dana)
    answer = send(client, page)
    handed = FORWARD.search(answer.text)
    form = TOKEN.search(answer.text)
    assert handed is not None and form is not None
    watch.moment = ends

    late = client.post(page, data={"csrf_token": form[1]})

    assert (JITSI.enter(handed[1], ends), FORWARD.search(late.text)) == (None, None)
