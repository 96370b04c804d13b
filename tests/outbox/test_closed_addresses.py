"""An address that is closed gets nothing until it is opened; nothing of it is lost, nothing slips
through.
"""

from collections.abc import Sequence

import pytest
from flask import Flask

from cast import assemble
from outbox.drafts import NOW, to_dana, to_jordan
from scheduler import consents, outbox
from scheduler.kernel.database import db
from scheduler.outbox.addresses.closed_addresses import CLOSED
from scheduler.outbox.leases import UNCOVERED
from scheduler.outbox.models import Letter, LetterState

REASON = "5.1.1"


def states() -> list[tuple[str, str, str | None]]:
    db.session.expire_all()
    rows: Sequence[Letter] = outbox.letters()
    return sorted((row.dedupe_key, row.state.value, row.reason) for row in rows)


def test_letter_to_a_closed_address_is_set_aside_with_its_reason(app: Flask) -> None:
    cast = assemble()
    outbox.enqueue(to_dana(cast), now=NOW)
    outbox.enqueue(to_jordan(cast), now=NOW)
    outbox.close_address(cast.dana.email.upper(), REASON, by="worker", now=NOW)

    claimed = outbox.claim("a", now=NOW)

    assert states() == [("first", "set_aside", CLOSED), ("own", "sending", None)]
    assert len(claimed) == 1


def test_letter_claimed_before_its_address_was_closed_does_not_leave(app: Flask) -> None:
    cast = assemble()
    outbox.enqueue(to_dana(cast), now=NOW)
    (letter_id,) = outbox.claim("a", now=NOW)
    outbox.close_address(cast.dana.email, REASON, by="worker", now=NOW)

    assert outbox.begin_handing(letter_id, "a") is None
    outbox.release("a")
    assert outbox.claim("a", now=NOW) == []
    assert states() == [("first", "set_aside", CLOSED)]


def test_opened_address_gets_what_was_set_aside(app: Flask) -> None:
    cast = assemble()
    outbox.enqueue(to_dana(cast), now=NOW)
    row = outbox.close_address(cast.dana.email, REASON, by="worker", now=NOW)
    outbox.claim("a", now=NOW)

    opened, many = outbox.open_address(row.id, by="sam", now=NOW)

    assert (opened.opened_by, many, outbox.closed_addresses()) == ("sam", 1, [])
    assert len(outbox.claim("a", now=NOW)) == 1


def test_letter_withdrawn_since_stays_back_when_its_address_is_opened(app: Flask) -> None:
    cast = assemble()
    outbox.enqueue(to_dana(cast), now=NOW)
    row = outbox.close_address(cast.dana.email, REASON, by="worker", now=NOW)
    outbox.claim("a", now=NOW)
    consents.revoke_grants(list(cast.grants.values()), by="sam", now=NOW)

    _opened, many = outbox.open_address(row.id, by="sam", now=NOW)

    assert (many, states()) == (0, [("first", "suppressed", UNCOVERED)])
    assert outbox.closed_addresses() == []


def test_letter_set_aside_for_another_reason_stays_so(app: Flask) -> None:
    cast = assemble()
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    letter.state, letter.reason = LetterState.SET_ASIDE, "RCPT: 550 5.1.1 unknown"
    row = outbox.close_address(cast.dana.email, REASON, by="worker", now=NOW)

    assert outbox.open_address(row.id, by="sam", now=NOW)[1] == 0


def test_closing_twice_is_one_matter(app: Flask) -> None:
    first = outbox.close_address("d@family.example", REASON, by="worker", now=NOW)
    again = outbox.close_address("D@Family.Example", "other", by="sam", now=NOW)

    assert (again.id, again.reason) == (first.id, REASON)


IN_LETTERS = "dana@BÜCHER.example"
IN_ASCII = "dana@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("written", "closed"), [(IN_LETTERS, IN_ASCII), (IN_ASCII.upper(), IN_LETTERS)]
)
def test_address_closed_under_one_spelling_is_closed_under_the_other(
    app: Flask, written: str, closed: str
) -> None:
    cast = assemble()
    cast.dana.email = written
    db.session.flush()
    outbox.enqueue(to_dana(cast), now=NOW)
    row = outbox.close_address(closed, REASON, by="worker", now=NOW)

    assert outbox.claim("a", now=NOW) == []
    assert states() == [("first", "set_aside", CLOSED)]
    assert outbox.close_address(written, "other", by="sam", now=NOW) is row
    assert [kept.address for kept in outbox.kept_for(row)] == [written]


def test_claimed_letter_stays_when_its_address_is_closed_under_another_spelling(
    app: Flask,
) -> None:
    cast = assemble()
    cast.dana.email = IN_LETTERS
    db.session.flush()
    outbox.enqueue(to_dana(cast), now=NOW)
    (letter_id,) = outbox.claim("a", now=NOW)
    outbox.close_address(IN_ASCII, REASON, by="worker", now=NOW)

    assert outbox.begin_handing(letter_id, "a") is None
    outbox.release("a")
    assert outbox.claim("a", now=NOW) == []
    assert states() == [("first", "set_aside", CLOSED)]


def test_letter_to_another_person_at_the_same_domain_leaves(app: Flask) -> None:
    cast = assemble()
    cast.dana.email = IN_LETTERS
    db.session.flush()
    outbox.enqueue(to_dana(cast), now=NOW)
    outbox.close_address(f"tom.{IN_ASCII}", REASON, by="worker", now=NOW)

    (letter_id,) = outbox.claim("a", now=NOW)
    handed = outbox.begin_handing(letter_id, "a")

    assert handed is not None
    assert (handed.address, handed.attempts) == (IN_LETTERS, 1)
