"""Planning at a desk whose node has no OR-Tools: the worker is asked, and the page says so."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.installation import EXTRAS
from scheduler.worker.heartbeat import Pulse
from scheduler.worker.strangers.plan_round import make_plans_asked_for
from tests.web.house import post, sign_in_staff
from visitor import words

PLAN, WEEKS = "/desk/cohorts/evening/plan", "/desk/cohorts/evening"
SAID = re.compile(r"\d+ of \d+ appointments have a time|planned without OR-Tools")
PLANNING = "The worker is planning. This page looks again by itself until the plan is there."


def test_desk_without_solver_lets_the_worker_plan_and_looks_again(
    new_house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_house.test_client()
    sign_in_staff(client)
    Pulse().begin(now=now(), alone=False, fresh=timedelta(minutes=1))
    db.session.commit()

    with monkeypatch.context() as lean:
        lean.setitem(EXTRAS, "planner", "not_installed_anywhere")
        assert post(client, PLAN, WEEKS).location == WEEKS
        waiting = client.get(WEEKS)
        again = post(client, PLAN, WEEKS)
    assert (PLANNING in words(waiting), waiting.headers["Refresh"]) == (True, "4")
    assert again.status_code == 409

    assert make_plans_asked_for() == 1
    there = client.get(WEEKS)
    assert (PLANNING in words(there), "Refresh" in there.headers) == (False, False)
    assert "A proposal waits" in words(there)


def test_desk_without_solver_or_worker_plans_alone_and_says_so(
    new_house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_house.test_client()
    sign_in_staff(client)
    monkeypatch.setitem(EXTRAS, "planner", "not_installed_anywhere")

    post(client, PLAN, WEEKS)

    said = re.findall(
        r"\d+ of \d+ appointments have a time|planned without OR-Tools", words(client.get(WEEKS))
    )
    assert said == ["2 of 2 appointments have a time", "planned without OR-Tools"]
