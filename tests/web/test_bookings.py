"""Many requests for one hour at the same moment, through a real web server: one is booked, the
others told why not.

Sixteen every day, fifty with `--long`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from fakes.web_server import served
from scheduler.invitations import announce, proposed_for
from scheduler.invitations.model.models import HeldKind, HeldReply, HeldState, Invitation
from scheduler.kernel.database import db
from scheduler.people import begin_sign_in, person_by_key
from scheduler.programs import Kind, Seats
from scheduler.programs.models import Cohort
from scheduler.sessions import Meeting, schedule
from scheduler.sessions.models import Session
from tests.web.house import NOW
from watch import Watch

LAST = datetime(2027, 3, 12, 21, 0, tzinfo=UTC)
"""The one hour that is left, and that all of them want: Friday, 4 PM in New York."""
HOUR = timedelta(hours=1)
PAGE = "/desk/replies/"


def wish_for_the_last_hour(many: int) -> None:
    """Family sessions of one clinician, each told, and for each of them the wish for the same other
    hour.
    """
    cohort = db.session.scalars(select(Cohort)).one()
    long_days = replace(cohort.program.template.rules, week_hours_max=168, day_hours_max=24)
    cohort.program.template = replace(
        cohort.program.template, rules=long_days
    )  # only the hour itself is scarce
    rivera, jordan, dana = (person_by_key(key).id for key in ("rivera", "jordan", "jordan-mother"))
    meetings = []
    for number in range(many):
        local = datetime(2027, 3, 15 + number // 10, 8) + timedelta(hours=number % 10)
        starts = local.replace(tzinfo=UTC) + 4 * HOUR
        meetings.append(
            Meeting(
                key=f"evening.extra.{number:02}",
                series=f"evening.extra.{number:02}",
                cohort_id=cohort.id,
                kind=Kind.FAMILY_THERAPY,
                seats=Seats.BOTH,
                title="Family therapy",
                topic=None,
                week=2,
                starts_local=f"{local:%Y-%m-%dT%H:%M}",
                zone="America/New_York",
                minutes=60,
                starts_at=starts,
                ends_at=starts + HOUR,
                room_id=None,
                leads=(rivera,),
                patients=(jordan,),
            )
        )
    schedule(meetings, by="command", now=NOW)
    announce(by="worker", now=NOW)
    told = db.session.scalars(select(Invitation).where(Invitation.person_id == dana)).all()
    told = [row for row in told if "evening.extra" in row.series]
    db.session.add_all(
        HeldReply(
            key=row.uid[:64],
            kind=HeldKind.PROPOSAL,
            uid=row.uid,
            person_id=dana,
            sender="dana@family.example",
            reason="proposes another time",
            starts_at=LAST,
            ends_at=LAST + HOUR,
            came_at=NOW,
        )
        for row in told
    )
    db.session.commit()


@pytest.fixture
def server(house: Flask) -> Iterator[str]:
    """The practice behind a web server of sixteen threads; gives its host and port."""
    with served(house, threads=16) as address:
        yield address.removeprefix("http://")


def ask(
    server: str, method: str, path: str, cookies: str, fields: dict[str, str] | None = None
) -> tuple[int, str, str]:
    """Send one request on a connection of its own; give status, words and cookies set."""
    connection = HTTPConnection(server, timeout=120)
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, urlencode(fields or {}), headers)
    answer = connection.getresponse()
    said = answer.read().decode()
    fresh = [
        value.partition(";")[0]
        for name, value in answer.getheaders()
        if name.lower() == "set-cookie"
    ]
    connection.close()
    return answer.status, said, "; ".join(fresh)


def test_of_many_bookings_of_one_last_hour_one_wins(
    house: Flask, server: str, clock: Watch, trials: Callable[[int, int], int]
) -> None:
    many = trials(16, 50)
    wish_for_the_last_hour(many)
    secret = begin_sign_in(person_by_key("desk"), now=clock.moment)
    db.session.commit()
    wishes = [
        (one.id, str(proposed_for(one, now=clock.moment).version))
        for one in db.session.scalars(select(HeldReply))
    ]
    db.session.remove()
    _, page, cookies = ask(server, "GET", PAGE, f"__Host-kinfold={secret}")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    cookies = f"__Host-kinfold={secret}; {cookies}"
    ready = Barrier(many, timeout=60)

    def book(wish: tuple[str, str]) -> tuple[int, str, str]:
        ready.wait()
        form = {"csrf_token": token[1], "decision": "accept", "seen": wish[1]}
        return ask(server, "POST", f"{PAGE}{wish[0]}", cookies, form)

    with ThreadPoolExecutor(many) as callers:
        answers = list(callers.map(book, wishes))
    booked = db.session.scalar(select(func.count()).where(Session.starts_at == LAST))
    open_ = db.session.scalar(select(func.count()).where(HeldReply.state == HeldState.OPEN))

    assert len(wishes) == many
    assert Counter(status for status, _, _ in answers) == {303: 1, 409: many - 1}
    assert [
        status for status, said, _ in answers if status == 409 and "engaged then" not in said
    ] == []
    assert (booked, open_) == (1, many - 1)
