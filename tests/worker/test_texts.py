"""Text messages on their way: signed, once, tried again, and by mail when they cannot go."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from cast import Cast, assemble
from fakes.gateway import SECRET, TextOffice, open_text_office
from fakes.post_office import PostOffice
from outbox.drafts import to_dana
from scheduler import outbox
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox import (
    DeliveryStatus,
    Gateway,
    enqueue,
    hand_over_sms,
    is_genuine,
    signed,
    text_body,
    use_gateway,
)
from scheduler.outbox.models import Channel, Letter, LetterState
from scheduler.worker import Worker, drain
from scheduler.worker.delivery_loop import deliver_due


@pytest.fixture
def text_office() -> Iterator[TextOffice]:
    office, server = open_text_office()
    use_gateway(Gateway(office.url, SECRET))
    yield office
    use_gateway(None)
    server.shutdown()
    server.server_close()


def a_text(stage: Cast) -> Letter:
    body = text_body(
        "t" * 32, "+16175550123", "HL: Tue, 6:00 PM. https://hl.example/j/abcdefghijklmn"
    )
    letter = enqueue(
        to_dana(
            stage,
            "text",
            kind="reminder",
            channel=Channel.TEXT,
            address="+16175550123",
            mime=body,
            id="t" * 32,
        ),
        now=now(),
    )
    db.session.commit()
    assert letter is not None
    return letter


def test_text_message_leaves_once_signed(
    app: Flask, text_office: TextOffice, post_office: PostOffice
) -> None:
    a_text(assemble())

    rounds = [deliver_due("a worker", post_office.url).sent for _ in range(2)]

    assert rounds == [1, 0]
    assert text_office.texts == [
        {
            "id": "t" * 32,
            "to": "+16175550123",
            "text": "HL: Tue, 6:00 PM. https://hl.example/j/abcdefghijklmn",
        }
    ]
    assert (text_office.keys, post_office.messages) == (["t" * 32], [])


AWAY = "smtp://127.0.0.1:1?starttls=off"


@pytest.mark.parametrize("smtp_url", [AWAY, None])
def test_text_message_leaves_while_no_mail_can(
    app: Flask, text_office: TextOffice, smtp_url: str | None
) -> None:
    stage = assemble()
    enqueue(to_dana(stage), now=now())
    a_text(stage)

    done = deliver_due("a worker", smtp_url)
    letters = {row.channel: (row.state, row.attempts) for row in db.session.scalars(select(Letter))}

    assert (done.sent, done.closed is None, len(text_office.texts)) == (1, smtp_url is None, 1)
    assert letters == {Channel.TEXT: (LetterState.SENT, 1), Channel.MAIL: (LetterState.WAITING, 0)}


def test_drain_sends_text_messages_without_a_mail_server(
    app: Flask, text_office: TextOffice
) -> None:
    a_text(assemble())

    done, failed = drain(app.config["KINFOLD"])

    assert (done.sent, failed) == (1, [])


def test_worker_sends_text_messages_without_a_mail_server(
    app: Flask, text_office: TextOffice
) -> None:
    a_text(assemble())

    Worker(app.config["KINFOLD"], app.app_context).tick()

    assert len(text_office.texts) == 1


def test_gateway_that_is_away_is_asked_for_one_text_message_a_round(
    app: Flask, post_office: PostOffice
) -> None:
    stage = assemble()
    for name in "ab":
        enqueue(
            to_dana(stage, name, channel=Channel.TEXT, address="+16175550123", mime=b"{}"),
            now=now(),
        )
    enqueue(to_dana(stage), now=now())
    db.session.commit()
    use_gateway(Gateway("http://127.0.0.1:9/texts", SECRET))

    done = deliver_due("a worker", post_office.url)
    use_gateway(None)

    assert (done.sent, done.later) == (1, 1)
    assert [letter.recipients for letter in post_office.messages] == [["dana@family.example"]]


@pytest.mark.parametrize(
    ("code", "fate"),
    [
        (200, DeliveryStatus.SENT),
        (202, DeliveryStatus.SENT),
        (307, DeliveryStatus.REFUSED),
        (400, DeliveryStatus.REFUSED),
        (403, DeliveryStatus.REFUSED),
        (408, DeliveryStatus.LATER),
        (429, DeliveryStatus.LATER),
        (500, DeliveryStatus.LATER),
        (503, DeliveryStatus.LATER),
    ],
)
def test_answer_of_the_gateway_is_read(
    app: Flask, text_office: TextOffice, code: int, fate: DeliveryStatus
) -> None:
    letter = a_text(assemble())
    text_office.answer = code

    assert hand_over_sms(letter, now=now()).fate is fate
    assert len(text_office.texts) == (1 if fate is DeliveryStatus.SENT else 0)


def test_gateway_that_is_away_is_tried_later(app: Flask) -> None:
    letter = a_text(assemble())
    use_gateway(Gateway("http://127.0.0.1:9/texts", SECRET))

    assert hand_over_sms(letter, now=now()).fate is DeliveryStatus.LATER
    use_gateway(None)
    assert hand_over_sms(letter, now=now()).words == "SMS_URL is not set: text messages wait"


def test_text_message_needs_a_consent_as_a_letter_does(
    app: Flask, text_office: TextOffice, post_office: PostOffice
) -> None:
    stage = assemble()
    a_text(stage)
    given = next(iter(stage.grants.values()))
    given.revoked_at, given.revoked_by = now(), "sam"
    db.session.commit()

    deliver_due("a worker", post_office.url)

    assert text_office.texts == []


def test_signature_is_of_this_body_this_secret_and_these_minutes() -> None:
    moment = now()
    said = signed("s", b"body", moment)
    time, signature = said[outbox.TIME], said[outbox.SIGNATURE]

    assert is_genuine("s", b"body", time, signature, moment + timedelta(minutes=4))
    assert not is_genuine("s", b"body", time, signature, moment + timedelta(minutes=6))
    assert not is_genuine("s", b"other", time, signature, moment)
    assert not is_genuine("t", b"body", time, signature, moment)
    assert not is_genuine("s", b"body", "", "", moment)
    assert not is_genuine("s", b"body", "٣", "v1=ü", moment)
