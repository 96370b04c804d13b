"""A plan is kept whole: one open proposal a cohort, the old one there until the new one is."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, NotFound
from scheduler.planning import begin, from_document, keep, make_plan, propose, publish
from scheduler.planning.proposals.models import Proposal, ProposalState
from tests.planning.rows import NOW, clinic


def states() -> list[ProposalState]:
    """The states of all proposals, oldest first."""
    return list(
        db.session.scalars(select(Proposal.state).order_by(Proposal.made_at, Proposal.seed))
    )


def test_a_proposal_holds_the_whole_plan(app: Flask) -> None:
    clinic()
    proposal = propose("evening", seconds=5, seed=1, by="command", now=NOW)
    db.session.commit()
    plan = from_document(db.session.get_one(Proposal, proposal.id, populate_existing=True).plan)
    assert (len(plan.placed), plan.unplaced, plan.broken) == (10, (), ())
    assert {key for one in plan.sessions for key in one.relatives} == {"jordan-mother"}


def test_a_new_proposal_supersedes_the_old(app: Flask) -> None:
    clinic()
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    propose("evening", seconds=5, seed=2, by="command", now=NOW)
    db.session.commit()
    assert states() == [ProposalState.SUPERSEDED, ProposalState.OPEN]


def test_of_two_who_plan_at_once_one_is_told(app: Flask) -> None:
    clinic()
    task = begin("evening", now=NOW)
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    with pytest.raises(Conflict, match="somebody else planned evening"):
        keep(task, make_plan(task.problem), seed=2, by="desk", now=NOW)
    assert states() == [ProposalState.OPEN]


def test_plan_of_what_was_published_meanwhile_anew_is_not_kept(app: Flask) -> None:
    clinic()
    task = begin("evening", now=NOW)
    plan = make_plan(task.problem, seconds=1)
    keep(task, plan, seed=1, by="command", now=NOW)
    publish("evening", by="command", now=NOW)
    with pytest.raises(Conflict, match="somebody else planned evening"):
        keep(task, plan, seed=2, by="desk", now=NOW)
    assert states() == [ProposalState.PUBLISHED]


def test_of_two_who_keep_a_plan_at_one_moment_one_is_told(app: Flask) -> None:
    clinic()
    db.session.commit()
    task = begin("evening", now=NOW)
    plan = make_plan(task.problem, seconds=1)
    db.session.remove()
    ready = Barrier(2, timeout=60)

    def one(by: str) -> str:
        with app.app_context():
            ready.wait()
            try:
                keep(task, plan, seed=1, by=by, now=NOW)
                db.session.commit()
            except Conflict as error:
                db.session.rollback()
                return str(error)
            return "done"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(one, ("desk", "command")))

    told = "somebody else planned evening in the meantime; nothing was changed"
    assert said == ["done", told]
    assert states() == [ProposalState.OPEN]


def test_stopped_half_way_leaves_the_old_one(app: Flask) -> None:
    clinic()
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    db.session.commit()
    propose("evening", seconds=5, seed=2, by="command", now=NOW)
    db.session.rollback()
    assert states() == [ProposalState.OPEN]


def test_an_unknown_cohort_is_named(app: Flask) -> None:
    clinic()
    with pytest.raises(NotFound, match="no cohort with the key morning"):
        propose("morning", seconds=5, seed=1, by="command", now=NOW)
