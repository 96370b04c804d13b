"""Withdrawn, ended, cancelled, mistyped and guessed addresses answer alike, to the byte."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from cast import Cast, assemble, session
from scheduler.consents import revoke
from scheduler.invitations import announce, link_token, short_link
from scheduler.invitations.model.models import Invitation, ShortLink
from scheduler.kernel.database import db
from scheduler.programs import Kind
from scheduler.sessions import cancel
from scheduler.sessions.models import Session
from visitor import sign_in
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
STARTS = datetime(2027, 3, 9, 21, 0, tzinfo=UTC)
PATHS = ("/i/{}", "/i/{}/code", "/j/{}", "/j/{}/code")


@pytest.fixture
def stage(client: FlaskClient, watch: Watch) -> Cast:
    stage = assemble(Kind.FAMILY_THERAPY)
    stage.dana.language = "es"
    session(stage, datetime(2027, 3, 9, 16, 0))
    announce(by="command", now=NOW)
    db.session.commit()
    return stage


def seen(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that a stranger can compare."""
    headers = [pair for pair in answer.headers if pair[0] not in {"Date", "Set-Cookie"}]
    return answer.status_code, answer.data, sorted(headers)


def make_an_end(what: str, stage: Cast, watch: Watch) -> None:
    if what == "withdrawn":
        revoke(person=stage.dana, patient=stage.jordan, by="sam", now=NOW)
    elif what == "cancelled":
        cancel(db.session.scalars(select(Session)).one(), by="sam", now=NOW)
    else:
        watch.moment = STARTS + timedelta(hours=2)
    db.session.commit()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("what", ["withdrawn", "cancelled", "ended"])
def test_address_that_opens_nothing_answers_as_one_that_never_was(
    client: FlaskClient, stage: Cast, watch: Watch, what: str, path: str
) -> None:
    token = link_token(db.session.scalars(select(Invitation.uid)).one())
    make_an_end(what, stage, watch)
    guessed = "A" * 43
    mistyped = token[:-1] + ("B" if token[-1] != "B" else "C")

    answers = [seen(client.get(path.format(each))) for each in (token, mistyped, guessed, "x")]

    assert [answer == answers[0] for answer in answers] == [True] * 4
    assert answers[0][0] == 410


@pytest.mark.parametrize("path", PATHS)
def test_rotated_address_answers_as_one_that_never_was(
    client: FlaskClient, stage: Cast, watch: Watch, path: str
) -> None:
    """One made with an older key, and one of a text message whose day is over."""
    row = db.session.scalars(select(Invitation)).one()
    old = link_token(row.uid)
    row.token_hash = "0" * 64
    over = ended_link(stage, row)
    db.session.commit()

    answers = [seen(client.get(path.format(each))) for each in (old, over, "A" * 14)]

    assert [answer == answers[0] for answer in answers] == [True] * 3
    assert answers[0][0] == 410


def ended_link(stage: Cast, row: Invitation) -> str:
    meeting = db.session.scalars(select(Session)).one()
    told = ShortLink(
        person_id=stage.dana.id,
        patient_id=stage.jordan.id,
        session_id=meeting.id,
        uid=row.uid,
        begins_at=meeting.starts_at,
        until=meeting.ends_at,
        made_at=NOW,
        ends_at=NOW,
    )
    return short_link(told, of="a message").rpartition("/")[2]


@pytest.mark.parametrize("path", PATHS)
def test_withdrawn_address_answers_its_own_reader_as_one_that_never_was(
    client: FlaskClient, stage: Cast, watch: Watch, path: str
) -> None:
    token = link_token(db.session.scalars(select(Invitation.uid)).one())
    make_an_end("withdrawn", stage, watch)
    sign_in(client, stage.dana)

    answers = [seen(client.get(path.format(each))) for each in (token, "A" * 43)]

    assert answers[0] == answers[1]
