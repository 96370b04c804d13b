"""What a patient says of their own reach, of hours in which nothing may arrive and of why they
cannot come stands on no page of a relative: only that a date is off.
"""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cast import Cast, assemble, session
from scheduler import homes
from scheduler.invitations import PATIENCE, announce, invitations_of, link_token
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import Marking, mark_hours
from scheduler.people.safe_contact.models import Means
from scheduler.sessions.models import Session
from visitor import sign_in, text_of, words
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
OF_ONE_VIEW = re.compile(r'(name="(?:csrf_token|opened|shown)" value="|nonce-|nonce=")[^"\s<]+')
REASON = "my brother drinks again"


@pytest.fixture
def stage(client: FlaskClient, watch: Watch) -> Cast:
    return assemble()


def invited(stage: Cast) -> tuple[Session, str]:
    row = session(stage, datetime(2027, 3, 9, 16, 0))
    announce(by="desk", now=NOW)
    db.session.commit()
    (invitation,) = invitations_of(stage.dana.id)
    return row, f"/i/{link_token(invitation.uid)}"


def read_all(client: FlaskClient, stage: Cast, invitation: str) -> dict[str, str]:
    """Every page of the mother, but for what no two views have in common."""
    sign_in(client, stage.dana)
    pages = ("/family", f"{invitation}?dates=all", "/family/calendar/", "/family/stop", "/safe/")
    pages += ("/mine/contact",)
    found = {}
    for url in pages:
        answer = client.get(url)
        assert answer.status_code == 200, url
        found[url] = OF_ONE_VIEW.sub(r"\1", answer.text)
    return found


def test_how_a_patient_is_reached_is_seen_by_no_relative(client: FlaskClient, stage: Cast) -> None:
    _, page = invited(stage)
    before = read_all(client, stage, page)
    everyday = Marking(frozenset(range(7)), 0, 24 * 60, Means.BOTH)
    mark_hours(stage.jordan, everyday, by="jordan", now=NOW)
    stage.jordan.email = "new@patient.example"
    stage.jordan.phone = "+16175550123"
    stage.jordan.language, stage.jordan.zone = "es", "Europe/Madrid"
    db.session.commit()
    announce(by="worker", now=NOW)
    db.session.commit()

    assert read_all(client, stage, page) == before


def test_why_a_patient_cannot_come_is_seen_by_no_relative(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    row, page = invited(stage)
    homes.cannot_come(row, stage.jordan, reason=REASON, by="jordan", now=NOW)
    watch.moment = NOW + PATIENCE
    announce(by="worker", now=watch.moment)
    db.session.commit()
    sign_in(client, stage.dana)
    answer = client.get(page)

    said = client.get("/family").text + answer.text
    hers = select(Letter).where(Letter.recipient_id == stage.dana.id)
    letters = db.session.scalars(hers).all()
    said += "".join(text_of(letter) for letter in letters)
    assert (REASON in said, "can’t come" in said) == (False, False)
    assert words(answer).startswith("Nothing to do here")
