"""The worker makes the plans that nodes without OR-Tools ask for; a father without consent stands
by.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.kernel.installation import EXTRAS
from scheduler.outbox import worker_plans
from scheduler.planning import ask_for_plan, from_document, propose
from scheduler.planning.proposals.models import JobState, PlanJob, Proposal
from scheduler.worker.heartbeat import Pulse
from scheduler.worker.strangers.plan_round import make_plans_asked_for
from tests.planning.rows import NOW, clinic

LATE = (timedelta(), timedelta(minutes=2))


@pytest.fixture(autouse=True)
def a_few_days_before() -> Iterator[None]:
    """The worker's clock stands a few days before the cohort starts."""
    with turned_to(lambda: NOW):
        yield


@pytest.fixture
def job(app: Flask) -> str:
    """The evening cohort, and a plan of it asked for by the desk; its id."""
    clinic()
    asked = ask_for_plan("evening", seconds=1, seed=0, by="desk", now=NOW, for_worker=True)
    db.session.commit()
    return asked.id


def test_worker_makes_the_plan_as_whoever_asked(job: str) -> None:
    assert [make_plans_asked_for() for _ in range(2)] == [1, 0]

    row = db.session.get_one(PlanJob, job)
    proposal = db.session.scalars(select(Proposal)).one()
    plan = from_document(proposal.plan)
    assert (row.state, row.placed, row.unplaced) == (JobState.DONE, 10, 0)
    assert (row.proposal_id, proposal.made_by) == (proposal.id, "desk")
    assert {key for session in plan.sessions for key in session.relatives} == {"jordan-mother"}


def test_plan_that_somebody_overtook_says_why_there_is_none(job: str) -> None:
    looks = []

    def overtaken() -> bool:
        """Let the coordinator plan, once, while the worker does."""
        looks.append(1)
        if len(looks) == 2:
            propose("evening", seconds=0.1, seed=1, by="sam", now=NOW)
            db.session.commit()
        return False

    make_plans_asked_for(stopping=overtaken)

    row = db.session.get_one(PlanJob, job)
    why = "somebody else planned evening in the meantime; nothing was changed"
    assert (row.state, row.why, row.proposal_id) == (JobState.FAILED, why, None)
    assert db.session.scalars(select(Proposal)).one().made_by == "sam"


def test_worker_without_solver_leaves_it_and_does_not_offer_itself(
    job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EXTRAS, "planner", "not_installed_anywhere")
    Pulse().begin(now=NOW, alone=True, fresh=timedelta(minutes=1))
    db.session.commit()

    assert make_plans_asked_for() == 0
    assert not worker_plans(within=timedelta(minutes=1), now=NOW)


def test_worker_with_solver_offers_itself_while_it_lives(job: str) -> None:
    Pulse().begin(now=NOW, alone=True, fresh=timedelta(minutes=1))
    db.session.commit()

    lively = [worker_plans(within=timedelta(minutes=1), now=NOW + late) for late in LATE]
    assert lively == [True, False]
