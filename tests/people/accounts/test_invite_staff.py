"""Two administrators at one moment: one of them stays."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from flask import Flask

from scheduler.clinics import load, read
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people import (
    change_roles,
    invite,
    password_link_of,
    person_by_key,
    staff_members,
)
from scheduler.people.models import Role
from tests.web.house import NOW, clinic_file
from watch import Watch

SECOND = timedelta(seconds=1)
GRACE = 0.5
"""Seconds in which a second change would come to stand beside the first, were there no lock."""


@pytest.fixture(autouse=True)
def two_administrators(app: Flask) -> object:
    with turned_to(Watch(NOW)):
        load(read(clinic_file()), by="command", now=NOW)
        change_roles(person_by_key("rivera"), [Role.ADMINISTRATOR], by="desk", now=NOW)
        db.session.commit()
        yield


def test_two_administrators_who_demote_each_other_leave_one(app: Flask) -> None:
    ready, side_by_side = Barrier(2), Barrier(2)

    def demote(key: str) -> str:
        with app.app_context():
            ready.wait()
            try:
                change_roles(person_by_key(key), [Role.AUDITOR], by="command", now=NOW)
            except Conflict:
                db.session.rollback()
                return "refused"
            with suppress(BrokenBarrierError):
                side_by_side.wait(GRACE)
            db.session.commit()
            return "demoted"

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(demote, ("desk", "rivera")))

    db.session.expire_all()
    accounts = [person.clinician for person in staff_members()]
    left = [account for account in accounts if account and Role.ADMINISTRATOR in account.roles]
    assert (answers, len(left)) == (["demoted", "refused"], 1)


def test_link_to_a_first_password_ends_after_seven_days(app: Flask) -> None:
    person, secret = invite("kim@hl.example", [Role.AUDITOR], by="desk", now=NOW)
    week = timedelta(days=7)
    found = [password_link_of(secret, now=NOW + lasts) for lasts in (week - SECOND, week)]

    assert (found, len(secret)) == ([person, None], 43)
