"""Withdrawal against sending, with a slow mail server: after the answer no letter is accepted any
more.
"""

import asyncio
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from cast import Cast, assemble, grant
from fakes.post_office import PostOffice
from outbox.drafts import NOW, to_dana
from scheduler import consents, outbox
from scheduler.kernel.database import db
from scheduler.programs import Kind
from scheduler.worker.delivery_loop import deliver_due

LETTERS = 3
FULL = int(os.environ.get("RACES") or 1000)
"""Races on each engine with `--long`."""


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


class Slow:
    """Makes the mail server think before its answer, and notes when each letter was accepted."""

    def __init__(self, office: PostOffice, dice: random.Random) -> None:
        self.accepted: dict[str, float] = {}
        self.dice = dice
        keep = office.handle_DATA

        async def handle(server: Any, session: Any, envelope: Any) -> str:
            await asyncio.sleep(self.dice.uniform(0, 0.06))
            said = await keep(server, session, envelope)
            name = envelope.original_content.split(b"X-Race: ")[1].split(b"\r\n")[0].decode()
            self.accepted[name] = time.monotonic()
            return said

        office.handle_DATA = handle  # type: ignore[method-assign]


@contextmanager
def postman(app: Flask, url: str) -> Iterator[None]:
    """Carry what is due, round after round, on a thread of its own."""
    stop, failed = threading.Event(), []

    def work() -> None:
        with app.app_context():
            while not stop.is_set():
                try:
                    deliver_due("postman", url, stopping=stop.is_set)
                except Exception as error:
                    failed.append(error)
                    return
                stop.wait(0.002)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
    assert failed == []


def race(
    cast: Cast, number: int, dice: random.Random, slow: Slow
) -> tuple[list[str], float, set[str]]:
    """Queue letters under a grant of their own, withdraw it at a random moment; give their names,
    when it was answered, and which were named as handed over.
    """
    given = grant(cast.dana, cast.jordan, Kind.CAREGIVER_GROUP)
    names = [f"{number}-{each}" for each in range(LETTERS)]
    ids = {}
    for name in names:
        mime = f"Subject: Appointment\r\nX-Race: {name}\r\n\r\nAppointment\r\n".encode()
        about: dict[str, Any] = {
            "grant_id": given.id,
            "purpose": Kind.CAREGIVER_GROUP,
            "mime": mime,
        }
        letter = outbox.enqueue(to_dana(cast, name, **about), now=NOW)
        assert letter is not None
        ids[letter.id] = name
    began = datetime.now(UTC)
    db.session.commit()
    end = time.monotonic() + 10
    while number % 2 and names[0] not in slow.accepted and time.monotonic() < end:
        time.sleep(0.001)  # every other race begins in the middle of the sending
    time.sleep(dice.uniform(0, 0.15))
    done = consents.revoke_grants([given], by="sam", now=datetime.now(UTC))
    db.session.commit()
    assert consents.wait_until_drained(done.grant_ids)
    answered = time.monotonic()
    told = {ids[one.letter_id] for one in consents.handed_over(done.grant_ids, began)}
    db.session.rollback()
    return names, answered, told


@pytest.mark.timeout(7200)
def test_no_letter_is_accepted_after_the_answer(
    cast: Cast, app: Flask, post_office: PostOffice, trials: Callable[[int, int], int], seed: int
) -> None:
    dice = random.Random(seed)
    slow = Slow(post_office, random.Random(seed + 1))
    races = []
    with postman(app, post_office.url):
        for number in range(trials(6, FULL)):
            races.append(race(cast, number, dice, slow))
    late = [
        name
        for names, answered, _ in races
        for name in names
        if slow.accepted.get(name, 0) > answered
    ]
    unsaid = [
        name
        for names, _, told in races
        for name in names
        if name in slow.accepted and name not in told
    ]
    caught = sum(len(told) for _, _, told in races)
    print(
        f"seed {seed}: {len(races)} races, {caught} letters left before the answer, {len(late)} "
        "after it"
    )

    assert (late, unsaid) == ([], [])
    assert caught > 0
