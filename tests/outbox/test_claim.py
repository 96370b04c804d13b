"""What is due is found by an index, however many letters wait: the whole table is never read for it."""

from datetime import timedelta

import pytest
from flask import Flask

from cast import assemble
from outbox.drafts import NOW, to_dana
from outbox.plans import overheard, plan
from scheduler import outbox
from scheduler.kernel.database import db


@pytest.mark.parametrize("ask", ["claim", "expire", "oldest_due"])
def test_no_question_for_what_is_due_reads_the_whole_table(app: Flask, ask: str) -> None:
    outbox.enqueue(to_dana(assemble()), now=NOW)
    db.session.commit()

    with overheard("letters") as said:
        {"claim": lambda: outbox.claim("a", now=NOW + timedelta(minutes=1)),
         "expire": lambda: outbox.expire(now=NOW),
         "oldest_due": lambda: outbox.oldest_due(now=NOW)}[ask]()  # fmt: skip
    db.session.rollback()

    steps = [step for each in said for step in plan(*each)]
    assert [step for step in steps if step.startswith(("SCAN letters", "Seq Scan on letters"))] == []
    assert any("ix_letters_due" in step for step in steps)
