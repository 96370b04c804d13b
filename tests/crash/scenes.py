"""The scenes that are killed at every step: what a house has lived through before, and the deed
that follows.

A deed may be repeated: whoever was cut off does it again, and finds it done or undone, never half
done.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, text, update

from household import MONDAY, NOW, ZONE, Household, stand_up
from scheduler import consents, feeds, invitations, outbox, sessions
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people.models import Person
from scheduler.programs import Kind, Seats
from scheduler.sessions import Meeting
from scheduler.sessions.lifecycle import FIELDS
from scheduler.sessions.models import Session
from scheduler.worker.transactions import in_transaction

Deed = Callable[[], object]
BY = "command"


def person(key: str) -> Person:
    return db.session.scalars(select(Person).where(Person.key == key)).unique().one()


def first_session() -> Session:
    return db.session.scalars(select(Session).order_by(Session.key)).unique().first()  # type: ignore[return-value]


def move_by(days: int) -> None:
    """Move the first session so many days from where it was first placed; a second time changes
    nothing.
    """
    row = first_session()
    placed = row.title if row.title.startswith("2") else row.starts_local
    local = datetime.fromisoformat(placed) + timedelta(days=days)
    starts = local.replace(tzinfo=ZoneInfo(ZONE)).astimezone(NOW.tzinfo)
    wish = {name: getattr(row, name) for name in FIELDS} | {
        "title": placed,
        "starts_local": local.strftime("%Y-%m-%dT%H:%M"),
        "starts_at": starts,
        "ends_at": starts + timedelta(minutes=row.minutes),
    }
    seated = {
        "leads": tuple(one.id for one in row.leads),
        "patients": tuple(one.id for one in row.patients),
    }
    sessions.move(
        row, Meeting(key=row.key, cohort_id=row.cohort_id, **wish, **seated), by=BY, now=NOW
    )


def cancel() -> None:
    sessions.cancel(first_session(), by=BY, now=NOW)


def revoke(silent: bool = False) -> None:
    mother, jordan = person("p-1-mother"), person("p-1")
    if consents.standing_grants(mother, jordan):
        consents.revoke(person=mother, patient=jordan, silent=silent, by=BY, now=NOW)


def consent() -> None:
    mother, jordan = person("p-1-mother"), person("p-1")
    if not consents.standing_grants(mother, jordan):
        Household(jordan, jordan, mother, mother, mother, mother, first_session().cohort).consent()


def change_address() -> None:
    person("p-1-mother").email = "m2@family.example"


def announce() -> None:
    invitations.announce(by=BY, now=NOW)


def nothing() -> None:
    """The worker alone has something to do."""


def lived(
    *deeds: Deed, carried: bool = True, days: int = 1, many: int = 1, consenting: bool = True
) -> Deed:
    """Return a house with appointments of the mother; `carried` lets the worker deliver what each
    deed led to.
    """

    def before(carry: Deed) -> None:
        home = in_transaction(stand_up)
        in_transaction(
            lambda: [home.appointment(days + 7 * week, week=week + 1) for week in range(many)]
        )
        if consenting:
            in_transaction(home.consent)
        for deed in deeds:
            in_transaction(deed)
            if carried:
                carry()

    return before  # type: ignore[return-value]


def _two_families(carry: Deed) -> None:
    home = in_transaction(stand_up)
    in_transaction(lambda: home.slot(2))
    in_transaction(lambda: home.consent(home.mother, Kind.FAMILY_WORKSHOP))
    in_transaction(lambda: home.consent(home.aunt, Kind.FAMILY_WORKSHOP))


def _with_a_feed(carry: Deed) -> None:
    lived(nothing)(carry)  # type: ignore[call-arg]
    in_transaction(lambda: feeds.make(person("p-1-mother"), by=BY, now=NOW))


def _reminder(carry: Deed) -> None:
    home = in_transaction(stand_up)
    soon = NOW + timedelta(hours=10)
    days = (soon.astimezone(ZoneInfo(ZONE)).date() - MONDAY).days
    in_transaction(
        lambda: home.appointment(days, at=soon.astimezone(ZoneInfo(ZONE)).strftime("%H:%M"))
    )


def _group_soon(carry: Deed) -> None:
    """A group within the next days, of people whose calendar is an address."""
    home = in_transaction(stand_up)
    days = (NOW.astimezone(ZoneInfo(ZONE)).date() - MONDAY).days + 3
    in_transaction(lambda: home.slot(days, kind=Kind.GROUP, seats=Seats.PATIENTS, slot="skills"))
    carry()


def _in_doubt(carry: Deed) -> None:
    """A worker died while it handed an invitation over: nobody knows whether it arrived."""
    lived(announce, carried=False)(carry)  # type: ignore[call-arg]
    (one,) = in_transaction(lambda: outbox.claim("dead", now=NOW + timedelta(minutes=5)))
    in_transaction(lambda: outbox.begin_handing(one, "dead"))
    end_leases()


def _tried_before(carry: Deed) -> None:
    """The mail server was busy; the invitation waits for its second try."""
    lived(announce, carried=False)(carry)  # type: ignore[call-arg]
    in_transaction(
        lambda: db.session.execute(
            update(Letter).values(state=LetterState.RETRY, attempts=1, reason="451 busy")
        )
    )


def end_leases() -> None:
    """Let the time of every lease and of every pause between tries pass."""
    past = "2020-01-01 00:00:00.000000"
    past += "+00" if db.engine.dialect.name == "postgresql" else ""
    for column, state in (("lease_until", "sending"), ("due_at", "retry")):
        in_transaction(
            lambda c=column, s=state: db.session.execute(
                text(f"UPDATE letters SET {c} = '{past}' WHERE state = '{s}'")
            )
        )


SCENES: dict[str, tuple[Callable[[Deed], None], Deed]] = {
    "an invitation": (lived(), nothing),
    "a series of four": (lived(many=4), nothing),
    "a consent is given": (lived(consenting=False), consent),
    "a session moves": (lived(nothing), lambda: move_by(1)),
    "a session is cancelled": (lived(nothing), cancel),
    "a session is cancelled that was told and moved": (lived(nothing, lambda: move_by(1)), cancel),
    "booked again after a cancellation": (lived(nothing, cancel), lambda: move_by(2)),
    "a consent is withdrawn": (lived(nothing), revoke),
    "a consent is withdrawn in silence": (lived(nothing), lambda: revoke(silent=True)),
    "withdrawn while the invitation waits": (lived(announce, carried=False), revoke),
    "cancelled while the invitation waits": (lived(announce, carried=False), cancel),
    "moved again while the change waits": (
        lived(announce, lambda: move_by(1), announce, carried=False),
        lambda: move_by(2),
    ),
    "an address changes": (lived(nothing), change_address),
    "two families, one workshop": (_two_families, nothing),
    "a calendar address beside the invitation": (_with_a_feed, lambda: move_by(1)),
    "a reminder": (_reminder, nothing),
    "a group within the week is cancelled": (_group_soon, cancel),
    "a group within the week moves": (_group_soon, lambda: move_by(1)),
    "a second try": (_tried_before, nothing),
    "a worker died in the one unavoidable window": (_in_doubt, nothing),
}
