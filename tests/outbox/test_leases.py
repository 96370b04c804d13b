"""What is due is found by an index, however many letters wait: the whole table is never read for
it.
"""

from datetime import timedelta

import pytest
from flask import Flask

from cast import assemble
from outbox.drafts import NOW, to_dana, to_jordan
from outbox.plans import overheard, plan
from scheduler import outbox
from scheduler.kernel.database import db
from scheduler.outbox.models import Hold, LetterState


@pytest.mark.parametrize("fate", ["sent", "set_aside", "expired", "suppressed"])
def test_letter_is_claimed_only_after_the_one_it_follows_is_done_with(
    app: Flask, fate: str
) -> None:
    """The one that follows is older by every other order: due before, and of a lower number."""
    cast = assemble()
    lead = outbox.enqueue(to_dana(cast, "lead", id="f" * 32, sequence=9), now=NOW)
    behind = to_dana(
        cast, "behind", id="0" * 32, follows="f" * 32, due_at=NOW - timedelta(minutes=5)
    )
    outbox.enqueue(behind, now=NOW)
    db.session.commit()
    assert lead is not None

    first = outbox.claim("a", now=NOW)
    while_in_hand = outbox.claim("b", now=NOW)
    lead.state, lead.phase, lead.lease_until = LetterState.RETRY, None, None
    lead.due_at = NOW + timedelta(hours=1)
    db.session.flush()
    while_put_off = outbox.claim("b", now=NOW)
    lead.state = LetterState(fate)
    db.session.flush()

    assert (first, while_in_hand, while_put_off, outbox.claim("b", now=NOW)) == (
        ["f" * 32],
        [],
        [],
        ["0" * 32],
    )


def test_letter_leaves_when_the_one_it_follows_is_no_more(app: Flask) -> None:
    outbox.enqueue(to_dana(assemble(), "behind", id="0" * 32, follows="f" * 32), now=NOW)
    db.session.flush()

    assert outbox.claim("a", now=NOW) == ["0" * 32]


@pytest.mark.parametrize("ask", ["claim", "expire", "oldest_due"])
def test_no_question_for_what_is_due_reads_the_whole_table(app: Flask, ask: str) -> None:
    outbox.enqueue(to_dana(assemble()), now=NOW)
    db.session.commit()

    with overheard("letters") as said:
        {
            "claim": lambda: outbox.claim("a", now=NOW + timedelta(minutes=1)),
            "expire": lambda: outbox.expire(now=NOW),
            "oldest_due": lambda: outbox.oldest_due(now=NOW),
        }[ask]()
    db.session.rollback()

    steps = [step for each in said for step in plan(*each)]
    assert [
        step for step in steps if step.startswith(("SCAN letters", "Seq Scan on letters"))
    ] == []
    assert any("ix_letters_due" in step for step in steps)
    assert [
        step for step in steps if "hashed SubPlan" in step
    ] == []  # a table of all letters that wait


def test_codes_asked_for_while_the_outbox_is_held_leave_and_nothing_else(app: Flask) -> None:
    """After a restore somebody has to sign in before they can let anything go."""
    cast = assemble()
    minute = timedelta(minutes=1)
    outbox.enqueue(to_jordan(cast, "old", kind="code"), now=NOW - minute)
    db.session.add(Hold(since=NOW, reason="restored"))
    outbox.enqueue(to_dana(cast), now=NOW + minute)
    code = outbox.enqueue(to_jordan(cast, "new", kind="code"), now=NOW + minute)
    db.session.flush()
    assert code is not None

    assert outbox.claim("a", now=NOW + minute) == [code.id]
