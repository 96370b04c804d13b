"""Postmen killed at random under thousands of letters: every letter arrives, twice only where that
was counted.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from fakes.post_office import PostOffice
from household import NOW, Household, stand_up
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.outbox.models import Basis, Letter, LetterState
from scheduler.programs import Kind

NURSERY = Path(__file__).parent / "nursery.py"
A_KILL = 14
"""A kill for so many letters, about."""


class SlowOffice(PostOffice):
    """Answers the final dot after up to ten milliseconds: that is the window in which nobody can
    know.
    """

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(random.uniform(0, 0.01))
        return answer


def fill(home: Household, many: int) -> None:
    """Queue letters to the patient, and to the mother under her consent; the gate lets none to the
    father in.
    """
    (grant,) = home.consent()
    rows = []
    for number in range(many):
        own = number % 2
        message_id = f"<{number}@sp-cal.example>"
        mime = (
            f"Message-ID: {message_id}\r\nSubject: Appointment\r\n\r\n{random.random()}\r\n"
        ).encode()
        basis = {"basis": Basis.SELF, "recipient_id": home.jordan.id, "address": home.jordan.email}
        under = {"grant_id": None, "subject_id": None, "purpose": None, "covers_until": None}
        if not own:
            basis = {
                "basis": Basis.GRANT,
                "recipient_id": home.mother.id,
                "address": home.mother.email,
            }
            under = {
                "grant_id": grant.id,
                "subject_id": home.jordan.id,
                "purpose": Kind.FAMILY_THERAPY.value,
            }
            under |= {"covers_until": NOW}
        rows.append(
            {
                "id": new_id(),
                "dedupe_key": str(number),
                "kind": "invitation",
                "mime": mime,
                "message_id": message_id,
            }
            | {
                "uid": f"{number}@sp-cal.example",
                "sequence": 0,
                "state": LetterState.WAITING,
                "created_at": NOW,
            }
            | {"due_at": NOW - timedelta(minutes=1), **basis, **under}
        )
    db.session.execute(insert(Letter), rows)
    db.session.commit()
    db.session.remove()


@pytest.mark.timeout(3000)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_storm_of_kills_loses_nothing(
    app: Flask, trials: Callable[[int, int], int], seed: int
) -> None:
    from aiosmtpd.controller import Controller

    from fakes.postgres import free_port

    rng = random.Random(seed)
    many = trials(60, 20_000)
    fill(stand_up(), many)
    office = SlowOffice(url=f"smtp://127.0.0.1:{free_port()}?starttls=off")
    controller = Controller(
        office, hostname="127.0.0.1", port=int(office.url.split(":")[2].split("?")[0])
    )
    controller.start()
    url = str(db.engine.url.render_as_string(hide_password=False))
    workers = 1 if db.engine.dialect.name == "sqlite" else rng.randint(2, 4)
    began, kills = time.monotonic(), storm(url, office, workers, many, rng)
    controller.stop()

    times = Counter(str(one.message["Message-ID"]) for one in office.messages)
    forms = {(str(one.message["Message-ID"]), one.content) for one in office.messages}
    doubted = {
        row.message_id: row.ambiguous
        for row in db.session.execute(select(Letter.message_id, Letter.ambiguous))
    }
    repeats = sum(times.values()) - len(times)
    print(
        f"{db.engine.dialect.name}, seed {seed}: {many} letters, {workers} postmen, {kills} kills, "
        f"{repeats} repeats, {time.monotonic() - began:.0f} s"
    )
    assert kills >= many // 20
    assert sorted(set(doubted) - set(times)) == []
    assert [each for each, came in times.items() if came > 1 + doubted[each]] == []
    assert len(forms) == len(times)
    assert office.to("f@family.example") == []


def storm(url: str, office: PostOffice, workers: int, many: int, rng: random.Random) -> int:
    """Kill a postman for every few letters that arrived, and bear another, until all are sent; give
    the kills.
    """
    with subprocess.Popen(
        [sys.executable, NURSERY, url, office.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        assert nursery.stdin is not None and nursery.stdout is not None

        def bear() -> int:
            nursery.stdin.write("one\n")  # type: ignore[union-attr]
            nursery.stdin.flush()  # type: ignore[union-attr]
            return int(nursery.stdout.readline())  # type: ignore[union-attr]

        alive, kills = [bear() for _ in range(workers)], 0
        while unsent():
            goal = len(office.messages) + rng.randint(1, 2 * A_KILL - 2)
            patience = time.monotonic() + 4
            while len(office.messages) < goal and time.monotonic() < patience:
                time.sleep(rng.uniform(0, 0.004))
            victim = rng.randrange(workers)
            os.kill(alive[victim], signal.SIGKILL)
            kills += 1
            alive[victim] = bear()
        for each in alive:
            os.kill(each, signal.SIGKILL)
    return kills


def unsent() -> bool:
    left = bool(db.session.scalar(select(func.count()).where(Letter.state != LetterState.SENT)))
    db.session.remove()  # an open transaction would keep the postmen out
    return left
