"""A mail server fails in every way it can; once it is sound again everything has left within a
minute, without a hand.

Real time passes here, in one worker's pulses. In the everyday run a server's silence and the pause
before a second try are a part of what they are in a house; with `--long` they are the house's own.
"""

import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import trustme
from flask import Flask
from sqlalchemy import func, select

from cast import Cast, assemble
from fakes.crooked import DRIP, HANG, HANG_UP, Crooked
from outbox.drafts import to_dana, to_jordan
from scheduler import outbox
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.outbox import delivery, smtp, smtp_connection
from scheduler.outbox.models import Letter, LetterState
from scheduler.worker.delivery_loop import Round, deliver_due

CEILING = 60
"""Seconds from the end of a fault until everything is as if it had never been."""
PULSE = 5


@dataclass(frozen=True)
class Fault:
    """What goes wrong at the mail server: nobody there, or one verb answered in its own way."""

    name: str
    verb: str = ""
    answer: str = ""
    away: bool = False


FAULTS = (
    Fault("refuses the call", away=True),
    *(Fault(f"silent at {verb}", verb, HANG) for verb in ("EHLO", "MAIL", "RCPT", "DATA", "dot")),
    *(Fault(f"hangs up at {verb}", verb, HANG_UP) for verb in ("EHLO", "MAIL", "RCPT", "DATA")),
    Fault("reset after the dot", "dot", HANG_UP),
    *(Fault(f"4xx at {verb}", verb, "451 later") for verb in ("MAIL", "RCPT", "DATA", "dot")),
    Fault("a byte at a time at RCPT", "RCPT", DRIP),
    Fault("a byte at a time after the dot", "dot", DRIP),
    Fault("encryption stripped", "EHLO", "250 here"),
)
FOR_GOOD = (
    Fault("5xx at RCPT", "RCPT", "550 no such box"),
    Fault("5xx at the dot", "dot", "554 not this one"),
)
"""What no waiting mends: that letter is set aside with a task, and stops no other."""


@pytest.fixture
def tls(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server needs to speak encrypted as localhost; our side trusts it."""
    authority = trustme.CA()
    path = f"{tmp_path}/authority.pem"
    authority.cert_pem.write_to_path(path)
    monkeypatch.setenv("SSL_CERT_FILE", path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def server(tls: ssl.SSLContext) -> Iterator[Crooked]:
    one = Crooked(tls=tls)
    yield one
    one.close()


@pytest.fixture
def house_time(trials: Callable[[int, int], int], monkeypatch: pytest.MonkeyPatch) -> float:
    """Let a server's silence and our pauses be shorter, a silence not so short that a busy machine
    is taken for one; give the seconds between two pulses.
    """
    part, silence = trials(1, 200) / 200, trials(1, 30) / 30
    monkeypatch.setattr(smtp_connection, "TIMEOUT", smtp_connection.TIMEOUT * silence)
    monkeypatch.setattr(smtp, "WHOLE", smtp.WHOLE * silence)
    monkeypatch.setattr(delivery, "PAUSES", tuple(each * part for each in delivery.PAUSES))
    return PULSE * part


@pytest.mark.timeout(3600)
def test_mail_server_that_is_sound_again_has_everything_within_a_minute(
    app: Flask, server: Crooked, house_time: float, trials: Callable[[int, int], int]
) -> None:
    cast, slow, stride = assemble(), {}, trials(6, 1)
    first = (
        0 if db.engine.dialect.name == "sqlite" else stride // 2
    )  # on other days each engine has a few of its own
    for fault in FAULTS[first::stride]:
        queue(cast, fault.name)
        server.verb, server.answer, server.away = fault.verb, fault.answer, fault.away
        left_while = round_of(server).sent
        server.mend()
        slow[fault.name] = healed(server, house_time)
        assert (fault.name, left_while, slow[fault.name] <= CEILING) == (fault.name, 0, True)
    print(
        *(f"{db.engine.dialect.name}: {seconds:5.1f} s  {name}" for name, seconds in slow.items()),
        sep="\n",
    )
    assert wrong(server) == []


@pytest.mark.parametrize("fault", FOR_GOOD, ids=lambda one: one.name)
def test_letter_refused_for_good_is_set_aside_and_stops_no_other(
    sqlite_app: Flask, server: Crooked, fault: Fault
) -> None:
    queue(assemble(), fault.name)
    server.verb, server.answer, server.times = fault.verb, fault.answer, 1

    done = round_of(server)

    assert (done.set_aside, done.sent, healed(server, PULSE) <= CEILING) == (1, 1, True)


def test_silent_server_is_waited_for_twice_and_not_for_every_letter(
    sqlite_app: Flask, server: Crooked, house_time: float
) -> None:
    """Meanwhile nobody would be told anything and no reminder put in place."""
    cast = assemble()
    for name in ("one", "two", "three"):
        queue(cast, name)
    server.verb, server.answer = "RCPT", HANG

    done = round_of(server)
    states = Counter(db.session.scalars(select(Letter.state)))
    db.session.remove()
    server.mend()

    assert (done.later, states[LetterState.WAITING], states[LetterState.RETRY]) == (2, 4, 2)
    assert healed(server, house_time) <= CEILING


def queue(cast: Cast, name: str) -> None:
    """Queue a letter to the patient and one to the mother; the father, without consent, gets
    none.
    """
    for draft in (to_jordan, to_dana):
        key = f"{name.replace(' ', '-')}-{draft.__name__}"
        mime = f"Message-ID: <{key}@hl-sched.example>\r\n\r\n.\r\n".encode()
        outbox.enqueue(draft(cast, key, mime=mime, due_at=clock.now()), now=clock.now())
    db.session.commit()
    db.session.remove()


def round_of(server: Crooked) -> Round:
    """Let the worker go one round."""
    return deliver_due("worker", server.url)


def healed(server: Crooked, pulse: float) -> float:
    """Let the worker pulse until no letter is left to carry; give the seconds, or the ceiling's and
    one.
    """
    began = time.monotonic()
    while open_letters():
        if time.monotonic() - began > CEILING:
            return CEILING + 1
        time.sleep(pulse)
        round_of(server)
    return time.monotonic() - began


def open_letters() -> int:
    ended = (LetterState.SENT, LetterState.SET_ASIDE)
    many = db.session.scalar(
        select(func.count()).select_from(Letter).where(Letter.state.not_in(ended))
    )
    db.session.remove()
    return many or 0


def wrong(server: Crooked) -> list[str]:
    """Name the letters that the server did not keep, or more often than was counted; a 4xx at the
    dot is a clear no.
    """
    times = Counter(
        mime.split(b"\r\n")[0].decode().removeprefix("Message-ID: ") for mime in server.kept
    )
    found = []
    for row in db.session.scalars(select(Letter)):
        most = row.attempts if "4xx-at-dot" in row.message_id else 1 + row.ambiguous
        if not 1 <= times[row.message_id] <= most:
            found.append(f"{row.message_id}: kept {times[row.message_id]} times, at most {most}")
    return found
