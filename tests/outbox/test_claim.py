"""What is due is found by an index, however many letters wait: the whole table is never read for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from cast import assemble
from outbox.drafts import NOW, to_dana
from scheduler import outbox
from scheduler.kernel.database import db


@contextmanager
def overheard() -> Iterator[list[tuple[str, Any]]]:
    """Give the statements said meanwhile that look at letters, with what they were said with."""
    said: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if "letters" in statement:
            said.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", hear)
    yield said
    event.remove(db.engine, "before_cursor_execute", hear)


def plan(statement: str, values: Any) -> list[str]:
    """Give the steps by which the engine would do it."""
    words = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    cursor = db.session.connection().connection.cursor()
    if db.engine.dialect.name == "postgresql":
        cursor.execute("SET LOCAL enable_seqscan = off")  # a table of one row is read whole unless it is forbidden
    cursor.execute(words + statement, values)
    return [str(row[-1]) for row in cursor.fetchall()]


@pytest.mark.parametrize("ask", ["claim", "expire", "oldest_due"])
def test_no_question_for_what_is_due_reads_the_whole_table(app: Flask, ask: str) -> None:
    outbox.enqueue(to_dana(assemble()), now=NOW)
    db.session.commit()

    with overheard() as said:
        {"claim": lambda: outbox.claim("a", now=NOW + timedelta(minutes=1)),
         "expire": lambda: outbox.expire(now=NOW),
         "oldest_due": lambda: outbox.oldest_due(now=NOW)}[ask]()  # fmt: skip
    db.session.rollback()

    steps = [step for each in said for step in plan(*each)]
    assert [step for step in steps if step.startswith(("SCAN letters", "Seq Scan on letters"))] == []
    assert any("ix_letters_due" in step for step in steps)
