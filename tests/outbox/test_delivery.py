"""Each letter leaves once; refusals, a closed post office and dead workers lose nothing and stop
nobody.
"""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from cast import Cast, assemble
from fakes.post_office import PostOffice
from outbox.drafts import MIME, NOW, to_dana, to_jordan
from scheduler import outbox
from scheduler.kernel.database import database_now, db
from scheduler.outbox.models import Letter
from scheduler.programs import Kind
from scheduler.worker.delivery_loop import deliver_due

LEASE_OVER = timedelta(seconds=61)


@pytest.fixture
def cast(app: Flask, post_office: PostOffice) -> Cast:
    return assemble()


def queue(*drafts: outbox.Draft) -> list[Letter]:
    letters = [outbox.enqueue(draft, now=NOW) for draft in drafts]
    db.session.commit()
    return [letter for letter in letters if letter is not None]


def again(letter: Letter) -> Letter:
    return db.session.scalars(
        select(Letter).where(Letter.id == letter.id).execution_options(populate_existing=True)
    ).one()


def states() -> dict[str, str]:
    db.session.expire_all()
    return {letter.dedupe_key: letter.state.value for letter in db.session.scalars(select(Letter))}


def end_leases() -> None:
    """Let a minute pass for the database: what was leased is free to be taken over."""
    back = database_now() - LEASE_OVER
    db.session.execute(
        text("UPDATE letters SET lease_until = :back WHERE lease_until IS NOT NULL").bindparams(
            back=back.replace(tzinfo=None) if db.engine.dialect.name == "sqlite" else back
        )
    )
    db.session.commit()


def test_due_letters_leave_once_and_the_father_gets_nothing(
    cast: Cast, post_office: PostOffice
) -> None:
    queue(to_dana(cast), to_jordan(cast))

    first, second = deliver_due("a", post_office.url), deliver_due("a", post_office.url)

    assert (first.sent, second.sent) == (2, 0)
    assert sorted(letter.recipients[0] for letter in post_office.messages) == [
        cast.dana.email,
        cast.jordan.email,
    ]
    assert post_office.to(cast.miguel.email) == []
    assert post_office.messages[0].content == MIME


def test_letter_on_the_way_costs_one_commit(cast: Cast, post_office: PostOffice) -> None:
    """What became of one is written down with the beginning of the next."""
    commits: list[object] = []

    def count(connection: object) -> None:
        commits.append(connection)

    event.listen(db.engine, "commit", count)
    queue(to_dana(cast), to_dana(cast, "second"))
    costs = []
    for many in ("abc", "abcdefgh"):
        queue(*(to_dana(cast, f"{many}{each}") for each in many))
        before = len(commits)
        deliver_due("a", post_office.url)
        costs.append(len(commits) - before)
    event.remove(db.engine, "commit", count)

    assert costs[1] - costs[0] == 8 - (3 + 2)
    assert len(post_office.messages) == 13


def test_letter_withdrawn_on_the_way_leaves_the_one_before_it_sent(
    cast: Cast, post_office: PostOffice
) -> None:
    """The gate refuses the second while the first's fate is not written down yet: both ends stand
    as they are.
    """
    queue(
        to_jordan(cast, due_at=NOW - timedelta(minutes=1)),
        to_dana(cast),
        to_jordan(cast, "last", due_at=NOW + timedelta(minutes=1)),
    )
    calls = iter(range(9))

    def withdraw_after_the_first() -> None:
        if next(calls) == 1:
            given = db.session.merge(cast.grants[Kind.FAMILY_THERAPY])
            given.revoked_at, given.revoked_by = datetime.now(UTC), "sam"
            db.session.commit()
            db.session.remove()

    done = deliver_due("a", post_office.url, alive=withdraw_after_the_first)

    assert done.sent == 2
    assert states() == {"own": "sent", "first": "suppressed", "last": "sent"}
    assert post_office.to(cast.dana.email) == []


def test_stop_after_a_letter_writes_down_that_it_left(cast: Cast, post_office: PostOffice) -> None:
    queue(to_dana(cast), to_jordan(cast))

    done = deliver_due("a", post_office.url, stopping=lambda: len(post_office.messages) == 1)

    assert done.sent == 1
    assert sorted(states().values()) == ["sent", "waiting"]


def test_same_letter_queued_twice_is_one(cast: Cast) -> None:
    assert len(queue(to_dana(cast), to_dana(cast))) == 1


def test_letter_due_later_waits(cast: Cast, post_office: PostOffice) -> None:
    queue(to_jordan(cast, due_at=datetime.now(UTC) + timedelta(hours=1)))

    assert deliver_due("a", post_office.url).sent == 0
    assert states() == {"own": "waiting"}


def test_letter_past_its_use_expires_visibly(cast: Cast, post_office: PostOffice) -> None:
    queue(to_jordan(cast, not_after=NOW + timedelta(minutes=1)))

    assert deliver_due("a", post_office.url).sent == 0
    assert states() == {"own": "expired"}


def test_one_refused_address_stops_nobody_else(cast: Cast, post_office: PostOffice) -> None:
    post_office.refuse[cast.dana.email] = "550 no such person"
    queue(to_dana(cast), to_jordan(cast))

    done = deliver_due("a", post_office.url)

    assert (done.sent, done.set_aside) == (1, 1)
    assert states() == {"first": "set_aside", "own": "sent"}
    letter = db.session.scalars(select(Letter).where(Letter.dedupe_key == "first")).one()
    assert letter.reason == "RCPT: 550 no such person"


def test_address_the_server_cannot_take_stops_nobody_else(
    cast: Cast, post_office: PostOffice
) -> None:
    cast.dana.email = "no address at all\r\n"
    queue(to_dana(cast), to_jordan(cast))

    assert deliver_due("a", post_office.url).sent == 1
    assert states() == {"first": "set_aside", "own": "sent"}


def test_busy_server_is_asked_again_later_with_the_same_bytes(
    cast: Cast, post_office: PostOffice
) -> None:
    post_office.answer = "451 busy"
    (letter,) = queue(to_dana(cast))

    assert deliver_due("a", post_office.url).later == 1
    assert states() == {"first": "retry"}
    assert again(letter).due_at > datetime.now(UTC)

    post_office.answer = "250 kept"
    again(letter).due_at = NOW
    db.session.commit()
    assert deliver_due("a", post_office.url).sent == 1
    assert [each.content for each in post_office.messages] == [MIME]


def test_closed_post_office_lets_letters_wait_and_go_later(
    cast: Cast, post_office: PostOffice
) -> None:
    queue(to_dana(cast), to_jordan(cast))

    done = deliver_due("a", "smtp://127.0.0.1:1?starttls=off")

    assert done.closed is not None
    assert states() == {"first": "waiting", "own": "waiting"}
    assert deliver_due("a", post_office.url).sent == 2


def test_worker_that_died_after_claiming_is_taken_over_without_a_doubt(
    cast: Cast, post_office: PostOffice
) -> None:
    (letter,) = queue(to_dana(cast))
    outbox.claim("dead", now=NOW)
    db.session.commit()
    assert deliver_due("b", post_office.url).sent == 0
    end_leases()

    assert deliver_due("b", post_office.url).sent == 1
    assert again(letter).ambiguous == 0


def test_worker_that_died_while_handing_over_is_repeated_and_counted(
    cast: Cast, post_office: PostOffice
) -> None:
    (letter,) = queue(to_dana(cast))
    outbox.claim("dead", now=NOW)
    outbox.begin_handing(letter.id, "dead")
    db.session.commit()
    end_leases()

    assert deliver_due("b", post_office.url).sent == 1
    assert again(letter).ambiguous == 1


def test_what_a_broken_round_left_in_hand_is_taken_up_by_the_same_worker_at_once(
    cast: Cast, post_office: PostOffice
) -> None:
    """The database went away and came back: nobody waits for a lease that only this worker
    holds.
    """
    queue(to_dana(cast), to_jordan(cast))
    handed, claimed = outbox.claim("a", now=NOW)
    outbox.begin_handing(handed, "a")
    db.session.commit()

    assert (deliver_due("b", post_office.url).sent, deliver_due("a", post_office.url).sent) == (
        0,
        2,
    )
    doubts = {row.id: row.ambiguous for row in db.session.scalars(select(Letter))}
    assert (doubts[handed], doubts[claimed]) == (1, 0)


def test_worker_that_wakes_after_its_lease_changes_nothing(
    cast: Cast, post_office: PostOffice
) -> None:
    (letter,) = queue(to_dana(cast))
    outbox.claim("asleep", now=NOW)
    stale = outbox.begin_handing(letter.id, "asleep")
    db.session.commit()
    assert stale is not None
    end_leases()
    deliver_due("b", post_office.url)

    assert (
        outbox.settle(stale, outbox.Outcome(outbox.DeliveryStatus.REFUSED, "550 too late"), now=NOW)
        is False
    )
    assert states() == {"first": "sent"}


def test_newer_letter_about_one_appointment_overtakes_the_older(
    cast: Cast, post_office: PostOffice
) -> None:
    queue(to_dana(cast, "old", uid="one"), to_dana(cast, "new", uid="one", sequence=1))

    assert deliver_due("a", post_office.url).sent == 1
    assert states() == {"old": "suppressed", "new": "sent"}


def test_cancellation_of_what_never_left_sends_neither(cast: Cast, post_office: PostOffice) -> None:
    queue(
        to_dana(cast, "invited", uid="one"),
        to_dana(cast, "off", uid="one", sequence=1, kind="cancellation"),
    )

    assert deliver_due("a", post_office.url).sent == 0
    assert states() == {"invited": "suppressed"}
