"""Whatever happens in a clinic, every calendar shows exactly its person's sessions; the father's
shows none.
"""

from collections.abc import Callable

import pytest
from flask import Flask

from invitations.lives import Life
from scheduler.kernel.database import db

STEPS = 25
"""Steps of one life; then another begins, in an empty house."""


@pytest.mark.timeout(7200)
def test_every_calendar_shows_exactly_its_persons_sessions(
    app: Flask, trials: Callable[[int, int], int], seed: int
) -> None:
    for number in range(-(-trials(25, 2000) // STEPS)):
        print(f"SEED={seed + number} on {db.engine.dialect.name}")
        life = Life(seed + number)
        for step in range(STEPS):
            print(f"step {step}")
            life.step()
        assert life.calendars["p-1-father"].client.kept == {}
        db.session.rollback()
