"""A publication is taken back while it cools: as before, and nobody was told. The father has no
consent: he is in nothing.
"""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.invitations import announce
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.outbox.models import Letter, LetterState
from scheduler.planning import every_session, propose, publish, take_back
from scheduler.planning.proposals.models import Proposal, ProposalState
from scheduler.planning.proposals.queries import cohort_by_key, last_published, open_proposal
from scheduler.programs.models import Closure
from scheduler.sessions import cancel_sessions, session_by_key
from scheduler.sessions.models import Session, Status
from tests.planning.rows import NOW, clinic

COOLING = timedelta(minutes=3)
SOON = NOW + timedelta(minutes=1)
ONE = "evening.one.jordan.w2"


def plan() -> None:
    propose("evening", seconds=5, seed=1, by="sam", now=NOW)


def published(cooling: timedelta = timedelta()) -> None:
    """Publish what is proposed, and write the letters."""
    publish("evening", by="sam", now=NOW, cooling=cooling)
    announce(by="sam", now=NOW)
    db.session.commit()


def told_and_left() -> None:
    """Let the first plan be published and its letters be gone."""
    clinic()
    plan()
    published()
    for letter in db.session.scalars(select(Letter)):
        letter.state, letter.sent_at = LetterState.SENT, NOW
    db.session.commit()


def a_closure() -> None:
    """Close the day of an appointment and of the family's session."""
    for key in (ONE, "evening.fam.jordan.w1"):
        day = date.fromisoformat(session_by_key(key).starts_local[:10])
        db.session.add(Closure(first=day, last=day, note="storm"))
    db.session.flush()


def standing() -> dict[str, tuple[str, int, str, str | None]]:
    """Return what stands and what is struck, as anybody sees it."""
    db.session.expire_all()
    return {
        row.key: (row.starts_local, row.minutes, row.status.value, row.moved_from)
        for row in every_session("evening")
    }


def told() -> list[tuple[str, object]]:
    rows = db.session.scalars(select(Invitation).order_by(Invitation.uid))
    return [(row.uid, row.told) for row in rows]


def waiting() -> list[str]:
    rows = db.session.scalars(select(Letter).where(Letter.state == LetterState.WAITING))
    return [row.address for row in rows]


def back() -> None:
    take_back("evening", by="kim", now=SOON)
    announce(by="kim", now=SOON)
    db.session.commit()


def test_a_first_publication_taken_back_leaves_nothing_and_tells_nobody(app: Flask) -> None:
    clinic()
    plan()
    published(COOLING)
    before = len(waiting())
    back()
    cohort = cohort_by_key("evening")
    assert (before > 0, standing(), waiting()) == (True, {}, [])
    assert [told for _, told in told()] == [None] * len(told())
    assert (last_published(cohort), open_proposal(cohort) is None) == (None, False)


def test_a_later_publication_taken_back_restores_what_stood_and_was_told(app: Flask) -> None:
    told_and_left()
    before, knew = standing(), told()
    first = last_published(cohort_by_key("evening"))
    a_closure()
    cancel_sessions(session_by_key("evening.one.noemie.w3"), by="sam", now=NOW)
    struck = standing()
    plan()
    published(COOLING)
    changed = standing()
    back()
    assert (changed == struck, standing()) == (False, struck)
    assert (before == struck, told(), waiting()) == (False, knew, [])
    assert last_published(cohort_by_key("evening")) == first


def test_what_is_published_again_after_it_was_taken_back_is_told(app: Flask) -> None:
    clinic()
    plan()
    published(COOLING)
    first = standing()
    back()
    published()
    assert (standing(), set(waiting())) == (first, {"jordan-mother@family.example"})


def test_a_publication_that_has_cooled_cannot_be_taken_back(app: Flask) -> None:
    clinic()
    plan()
    published(COOLING)
    with pytest.raises(Conflict, match="its letters have left"):
        take_back("evening", by="kim", now=NOW + COOLING)


def test_a_publication_by_command_cannot_be_taken_back(app: Flask) -> None:
    clinic()
    plan()
    published()
    with pytest.raises(Conflict, match="can be taken back any more"):
        take_back("evening", by="kim", now=SOON)


def test_what_was_changed_by_hand_since_keeps_a_publication(app: Flask) -> None:
    clinic()
    plan()
    published(COOLING)
    cancel_sessions(session_by_key(ONE), by="sam", now=SOON)
    with pytest.raises(Conflict, match=f"{ONE} was changed since"):
        take_back("evening", by="kim", now=SOON)
    db.session.rollback()


def test_nothing_is_kept_of_a_publication_once_the_next_is_made(app: Flask) -> None:
    clinic()
    plan()
    published(COOLING)
    a_closure()
    plan()
    published(COOLING)
    rows = db.session.scalars(select(Proposal).where(Proposal.state == ProposalState.SUPERSEDED))
    assert [row.before for row in rows] == [None]


def test_sessions_of_a_publication_taken_back_are_never_struck(app: Flask) -> None:
    clinic()
    plan()
    published(COOLING)
    back()
    rows = db.session.scalars(select(Session)).unique().all()
    assert {(row.status, row.taken_back) for row in rows} == {(Status.CANCELLED, True)}


def changes_told() -> list[str]:
    """Return to whom letters about changes went or wait to go."""
    rows = db.session.scalars(select(Letter.address).where(Letter.kind == "change"))
    return sorted(set(rows))


@pytest.mark.usefixtures("whole_search")
def test_patients_and_clinicians_hear_nothing_of_a_publication_while_it_cools(app: Flask) -> None:
    told_and_left()
    a_closure()
    plan()
    published(COOLING)
    during = changes_told()
    announce(by="worker", now=NOW + COOLING)
    assert (during, changes_told()) == (
        [],
        ["jordan@family.example", "noemie@family.example", "rivera@family.example"],
    )


def test_patients_and_clinicians_hear_nothing_of_what_was_taken_back(app: Flask) -> None:
    told_and_left()
    a_closure()
    plan()
    published(COOLING)
    back()
    announce(by="worker", now=NOW + COOLING)
    assert changes_told() == []
