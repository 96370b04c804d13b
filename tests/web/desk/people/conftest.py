"""What the pages about one person share: letters that have left, and somebody at the desk."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from household import NOW, Household
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import Licence
from scheduler.people.models import Role
from visitor import browser, sign_in

Told = Callable[[Household], Household]


@pytest.fixture
def told_and_sent() -> Told:
    """What tells a household of all there is, lets the letters have left, and has Rivera at the
    desk.
    """

    def tell(home: Household) -> Household:
        announce(by="command", now=NOW)
        for letter in db.session.scalars(select(Letter)):
            letter.state = LetterState.SENT
            letter.sent_at = NOW
            letter.reply = "250"
        assert home.rivera.clinician is not None
        home.rivera.clinician.roles = (Role.COORDINATOR,)
        home.rivera.free = ()
        until = date(2199, 1, 1)
        home.rivera.clinician.licences = (Licence("MA", until), Licence("ME", until))
        db.session.commit()
        return home

    return tell


@pytest.fixture
def desk(app: Flask, home: Household) -> FlaskClient:
    """A coordinator at the desk."""
    desk = browser(app)
    sign_in(desk, home.rivera)
    return desk
