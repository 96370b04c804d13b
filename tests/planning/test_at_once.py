"""Two coordinators at the same moment, on both engines: one is told, and there is one whole
proposal.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError
from scheduler.planning import begin, keep, make_plan, propose, publish
from scheduler.planning.proposals.models import Proposal, ProposalState
from scheduler.sessions.models import Session
from tests.planning.rows import NOW, clinic

TOLD = "somebody else planned evening in the meantime; nothing was changed"


def at_once(app: Flask, deed: Callable[[int, Barrier], None]) -> list[str]:
    """Let two do a deed at the same moment, each in their own transaction; give what each was told,
    or `done`.
    """
    ready = Barrier(2, timeout=60)

    def one(number: int) -> str:
        with app.app_context():
            try:
                deed(number, ready)
                db.session.commit()
            except KinfoldError as told:
                db.session.rollback()
                return str(told)
            return "done"

    with ThreadPoolExecutor(2) as both:
        return list(both.map(one, (1, 2)))


def plan(number: int, ready: Barrier) -> None:
    task = begin("evening", now=NOW)
    db.session.rollback()
    made = make_plan(task.problem, seconds=1, seed=number)
    ready.wait()
    keep(task, made, seed=number, by=f"coordinator-{number}", now=NOW)


def test_of_two_who_plan_a_cohort_at_once_one_is_told(app: Flask) -> None:
    clinic()
    answers = at_once(app, plan)

    assert sorted(answers) == ["done", TOLD]
    rows = db.session.scalars(select(Proposal)).all()
    assert [(row.state, row.seed) for row in rows] == [
        (ProposalState.OPEN, 1 + answers.index("done"))
    ]


def test_of_two_who_replace_a_proposal_at_once_one_is_told(app: Flask) -> None:
    clinic()
    propose("evening", seconds=1, seed=0, by="before", now=NOW)
    db.session.commit()
    answers = at_once(app, plan)

    assert sorted(answers) == ["done", TOLD]
    states = {row.seed: row.state for row in db.session.scalars(select(Proposal))}
    assert states == {0: ProposalState.SUPERSEDED, 1 + answers.index("done"): ProposalState.OPEN}


def test_of_two_who_publish_at_once_one_is_told_and_nothing_is_doubled(app: Flask) -> None:
    clinic()
    propose("evening", seconds=1, seed=0, by="before", now=NOW)
    db.session.commit()

    def tell(number: int, ready: Barrier) -> None:
        ready.wait()
        publish("evening", by=f"coordinator-{number}", now=NOW)

    answers = at_once(app, tell)
    assert sorted(answers) == ["done", "there is no open proposal for evening: cohort plan evening"]
    assert db.session.scalar(select(func.count()).select_from(Session)) == 22
