"""The database itself refuses a letter without a covering grant, whatever the program asks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from cast import ALWAYS, EXPIRES, SIGNED, Cast, assemble, grant, statement
from outbox.drafts import NOW, to_dana, to_jordan
from scheduler import outbox
from scheduler.consents import gate_damage
from scheduler.consents.model.models import (
    Authority,
    Barrier,
    BarrierKind,
    CoSignature,
    Ending,
    Grant,
    Signer,
    Statement,
)
from scheduler.kernel.database import db
from scheduler.outbox.models import Basis, Channel, Letter, LetterState
from scheduler.programs import Kind

TODAY = datetime.now(UTC)
PAST = (TODAY - timedelta(days=60), TODAY - timedelta(days=1))
FUTURE = (TODAY + timedelta(days=1), TODAY + timedelta(days=600))
BRIEF = (TODAY - timedelta(days=60), TODAY + timedelta(hours=1))
SHORT = (TODAY - timedelta(days=60), TODAY + timedelta(hours=12))


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def refused(draft: outbox.Draft) -> bool:
    try:
        with db.session.begin_nested():
            outbox.enqueue(draft, now=NOW)
    except DatabaseError as error:
        return "gate" in str(error) or "FOREIGN KEY" in str(error) or "foreign key" in str(error)
    return False


def revoke(given: Grant, **said: Any) -> None:
    db.session.execute(
        update(Grant).where(Grant.id == given.id).values(revoked_at=TODAY, revoked_by="sam", **said)
    )


def test_letter_under_a_standing_grant_is_taken(cast: Cast) -> None:
    assert not refused(to_dana(cast))


def test_letter_to_the_father_without_consent_is_refused_on_every_basis(cast: Cast) -> None:
    him: dict[str, Any] = {"recipient_id": cast.miguel.id, "address": cast.miguel.email}

    assert [refused(to_dana(cast, f"{basis}", **him, basis=basis)) for basis in Basis] == [
        True,
        True,
        True,
    ]


@pytest.mark.parametrize("span", [PAST, FUTURE], ids=["expired", "not yet signed"])
def test_letter_outside_the_days_of_its_grant_is_refused(
    cast: Cast, span: tuple[datetime, datetime]
) -> None:
    given = grant(cast.dana, cast.jordan, Kind.PROGRESS_UPDATE, span)

    assert refused(to_dana(cast, grant_id=given.id, purpose=Kind.PROGRESS_UPDATE))


def test_letter_about_a_session_after_the_grant_ends_is_refused(cast: Cast) -> None:
    given = grant(cast.dana, cast.jordan, Kind.PROGRESS_UPDATE, SHORT)
    about: dict[str, Any] = {"grant_id": given.id, "purpose": Kind.PROGRESS_UPDATE}

    assert refused(to_dana(cast, "late", **about, covers_until=SHORT[1] + timedelta(seconds=1)))
    assert refused(to_dana(cast, "none", **about, covers_until=None))
    assert not refused(to_dana(cast, "within", **about, covers_until=SHORT[1]))


def test_letter_for_another_purpose_or_another_patient_is_refused(cast: Cast) -> None:
    assert refused(to_dana(cast, "purpose", purpose=Kind.FAMILY_WORKSHOP))
    assert refused(to_dana(cast, "family", subject_id=cast.rivera.id))
    assert refused(to_dana(cast, "missing", grant_id="0" * 32))


def test_letter_to_the_patient_needs_no_grant(cast: Cast) -> None:
    assert not refused(to_jordan(cast))


WAITS = pytest.mark.parametrize("waits", [LetterState.WAITING, LetterState.RETRY])


@WAITS
def test_withdrawal_suppresses_what_waits_and_refuses_what_comes(
    cast: Cast, waits: LetterState
) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    letter.state = waits
    db.session.flush()
    revoke(cast.grants[Kind.FAMILY_THERAPY])
    db.session.expire_all()

    assert (letter.state, letter.reason) == (LetterState.SUPPRESSED, "the consent was withdrawn")
    assert refused(to_dana(cast, "second"))


def set_back(letter: Letter, state: str) -> None:
    with db.session.begin_nested():
        db.session.execute(update(Letter).where(Letter.id == letter.id).values(state=state))


@pytest.mark.parametrize("way", ["waiting", "retry"])
@pytest.mark.parametrize("by_way_of", [None, "set_aside", "sent"])
def test_withdrawn_letter_is_never_set_back_to_wait(
    cast: Cast, way: str, by_way_of: str | None
) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    revoke(cast.grants[Kind.FAMILY_THERAPY])
    if by_way_of is not None:
        set_back(letter, by_way_of)

    with pytest.raises(DatabaseError, match="consent gate"):
        set_back(letter, way)
    assert outbox.claim("worker", now=TODAY) == []


@pytest.mark.parametrize("way", ["waiting", "retry"])
def test_letter_kept_in_for_another_reason_may_wait_again(cast: Cast, way: str) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    own = outbox.enqueue(to_jordan(cast), now=NOW)
    assert letter is not None
    assert own is not None
    for row in (letter, own):
        set_back(row, "suppressed")
        set_back(row, way)

    assert {letter.state, own.state} == {LetterState(way)}


def test_letter_on_its_way_while_consent_is_withdrawn_is_put_back_and_kept_in(cast: Cast) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    assert outbox.claim("worker", now=TODAY) == [letter.id]
    revoke(cast.grants[Kind.FAMILY_THERAPY])
    outbox.release("worker")

    assert outbox.claim("worker", now=TODAY) == []
    db.session.expire_all()
    assert letter.state == LetterState.SUPPRESSED


def test_letter_that_waits_is_put_from_one_way_of_waiting_into_the_other(cast: Cast) -> None:
    given = grant(cast.dana, cast.jordan, Kind.PROGRESS_UPDATE, BRIEF)
    letter = outbox.enqueue(
        to_dana(
            cast, grant_id=given.id, purpose=Kind.PROGRESS_UPDATE, kind="code", covers_until=None
        ),
        now=NOW,
    )
    assert letter is not None
    db.session.execute(update(Grant).values(valid_until=PAST[1]))
    set_back(letter, "retry")
    set_back(letter, "waiting")

    assert letter.state == LetterState.WAITING


def test_withdrawal_between_claim_and_hand_over_keeps_the_letter_in(cast: Cast) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    assert outbox.claim("worker", now=TODAY) == [letter.id]
    revoke(cast.grants[Kind.FAMILY_THERAPY])

    assert outbox.begin_handing(letter.id, "worker") is None
    db.session.expire_all()
    assert letter.state == LetterState.SUPPRESSED


@pytest.mark.parametrize(
    "change",
    [
        "revoked_at = NULL",
        "valid_until = '2099-01-01'",
        "purpose = 'family_workshop'",
        "silent = true",
    ],
)
def test_withdrawn_grant_can_never_be_changed(cast: Cast, change: str) -> None:
    revoke(cast.grants[Kind.FAMILY_THERAPY])

    with pytest.raises(DatabaseError, match="final"):
        db.session.execute(text(f"UPDATE grants SET {change}"))


@pytest.mark.parametrize(
    "change",
    [
        *(
            "id = 'x'",
            "statement = 'x'",
            "person_id = patient_id",
            "patient_id = person_id",
            "others = true",
        ),
        *(
            "purpose = 'family_workshop'",
            "signed = '2020-01-01'",
            "expires = '2100-01-01'",
            "expires_on = 'discharge'",
        ),
        *("signed_by = 'guardian'", "given_at = '2020-01-01'", "given_by = 'x'"),
    ],
)
def test_what_was_signed_can_never_be_changed(cast: Cast, change: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(f"UPDATE grants SET {change}"))


def test_grant_cannot_be_deleted(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="never deleted"):
        db.session.execute(text("DELETE FROM grants"))


def test_queued_letter_cannot_be_turned_to_somebody_else(cast: Cast) -> None:
    outbox.enqueue(to_dana(cast), now=NOW)

    with pytest.raises(DatabaseError, match="frozen"):
        db.session.execute(text("UPDATE letters SET address = 'miguel@family.example'"))


@pytest.mark.parametrize(
    ("address", "is_refused"),
    [
        ("dana@family.example", False),
        ("Dana@Family.example", False),
        ("miguel@family.example", True),
        ("jordan@patient.example", True),
        ("stranger@else.example", True),
    ],
)
def test_letter_goes_to_an_address_of_its_person_alone(
    cast: Cast, address: str, is_refused: bool
) -> None:
    cast.dana.email = "dana@family.example"
    db.session.flush()

    assert refused(to_dana(cast, address=address)) == is_refused


def test_text_message_goes_to_a_number_and_not_to_an_address(cast: Cast) -> None:
    number: dict[str, Any] = {"address": "+16175550123", "channel": Channel.TEXT}

    assert not refused(to_dana(cast, **number, mime=b"{}"))


def test_cancellation_follows_its_entry_to_the_address_it_went_to(cast: Cast) -> None:
    first = outbox.enqueue(to_dana(cast), now=NOW)
    assert first is not None
    db.session.execute(update(Letter).values(state=LetterState.SENT))
    old, cast.dana.email = cast.dana.email, "dana@new.example"
    db.session.flush()
    second = outbox.enqueue(to_dana(cast, "second", address="dana@new.example"), now=NOW)
    assert second is not None
    db.session.execute(update(Letter).values(state=LetterState.SENT))
    gone: dict[str, Any] = {"kind": "cancellation", "uid": first.uid, "address": old}

    assert not refused(to_dana(cast, "back", **gone))
    assert refused(to_dana(cast, "other", **gone | {"uid": second.uid}))
    assert refused(to_dana(cast, "else", **gone | {"address": "miguel@family.example"}))
    assert refused(to_dana(cast, "update", **gone | {"kind": "update"}))
    assert not refused(to_dana(cast, "new", address="dana@new.example"))


def test_cancellation_after_withdrawal_goes_only_to_whom_something_was_sent(cast: Cast) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    db.session.execute(update(Letter).values(state=LetterState.SENT))
    revoke(cast.grants[Kind.FAMILY_THERAPY])
    taking_back: dict[str, Any] = {"basis": Basis.RETRACTION, "kind": "cancellation", "sequence": 1}

    assert not refused(to_dana(cast, "back", **taking_back, uid=letter.uid))
    with pytest.raises(DatabaseError, match="gate"):
        db.session.add(row_of(to_dana(cast, "other", **taking_back)))
        db.session.flush()


def test_silent_withdrawal_allows_no_cancellation(cast: Cast) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    db.session.execute(update(Letter).values(state=LetterState.SENT))
    revoke(cast.grants[Kind.FAMILY_THERAPY], silent=True)

    assert refused(
        to_dana(
            cast, "back", basis=Basis.RETRACTION, kind="cancellation", uid=letter.uid, sequence=1
        )
    )


def row_of(draft: outbox.Draft) -> Letter:
    fields = {
        name: getattr(draft, name) for name in type(draft).__dataclass_fields__ if name != "id"
    }
    return Letter(**fields, state=LetterState.WAITING, created_at=NOW)


def test_gate_of_a_fresh_database_stands_whole(app: Flask) -> None:
    assert gate_damage(db.session.connection()) == []


def test_dropped_trigger_is_named(app: Flask) -> None:
    table = " ON letters" if db.engine.dialect.name == "postgresql" else ""
    db.session.execute(text(f"DROP TRIGGER letters_gate_insert{table}"))

    assert gate_damage(db.session.connection()) == ["trigger letters_gate_insert"]


@pytest.mark.parametrize(
    "name",
    [
        "letters_gate_send",
        "grants_complete",
        "barriers_stop",
        "statements_final",
        "letters_gate_co_signed_send",
    ],
)
def test_each_trigger_that_is_missing_is_named(app: Flask, name: str) -> None:
    tables = {"l": "letters", "g": "grants", "b": "barriers", "s": "statements"}
    table = f" ON {tables[name[0]]}" if db.engine.dialect.name == "postgresql" else ""
    db.session.execute(text(f"DROP TRIGGER {name}{table}"))

    assert gate_damage(db.session.connection()) == [f"trigger {name}"]


def test_loosened_constraint_is_named(app: Flask) -> None:
    loose = "revoked_at IS NULL OR true"
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE grants DROP CONSTRAINT ck_grants_ends_after_begin"))
        db.session.execute(
            text(f"ALTER TABLE grants ADD CONSTRAINT ck_grants_ends_after_begin CHECK ({loose})")
        )
    else:
        db.session.execute(text("PRAGMA writable_schema=ON"))
        wide = f"replace(sql, 'valid_until > valid_from', '{loose}')"
        db.session.execute(text(f"UPDATE sqlite_master SET sql = {wide} WHERE name = 'grants'"))

    assert gate_damage(db.session.connection()) == ["constraint ck_grants_ends_after_begin"]


def test_dropped_reference_is_named(app: Flask) -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE letters DROP CONSTRAINT fk_letters_grant"))
    else:
        db.session.execute(text("PRAGMA writable_schema=ON"))
        db.session.execute(
            text(
                "UPDATE sqlite_master SET sql = replace(sql, 'fk_letters_grant', 'x') WHERE name "
                "= 'letters'"
            )
        )

    assert gate_damage(db.session.connection()) == ["constraint fk_letters_grant"]


def bar(cast: Cast, person_id: str | None, **said: Any) -> Barrier:
    row = Barrier(
        patient_id=cast.jordan.id,
        person_id=person_id,
        kind=BarrierKind.NEVER_INVITE,
        set_at=TODAY,
        set_by="sam",
        **said,
    )
    db.session.add(row)
    db.session.flush()
    return row


@WAITS
@pytest.mark.parametrize("whole_family", [False, True])
def test_barrier_overrides_every_grant_and_stops_what_waits(
    cast: Cast, whole_family: bool, waits: LetterState
) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    own = outbox.enqueue(to_jordan(cast), now=NOW)
    assert letter is not None
    assert own is not None
    letter.state = waits
    db.session.flush()
    bar(cast, None if whole_family else cast.dana.id)
    db.session.expire_all()

    assert (letter.state, letter.reason) == (
        LetterState.SUPPRESSED,
        "this person is not to be contacted",
    )
    assert own.state == LetterState.WAITING
    assert refused(to_dana(cast, "second"))


def test_barrier_of_another_person_or_one_that_was_lifted_stops_nothing(cast: Cast) -> None:
    bar(cast, cast.miguel.id)
    bar(cast, cast.dana.id, lifted_at=TODAY, lifted_by="sam")
    elsewhere = bar(cast, None, lifted_at=TODAY, lifted_by="sam")

    assert elsewhere.lifted_at is not None
    assert not refused(to_dana(cast))


@pytest.mark.parametrize("step", ["claim", "hand over"])
def test_barrier_between_queueing_and_leaving_keeps_the_letter_in(cast: Cast, step: str) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    if step == "hand over":
        assert outbox.claim("worker", now=TODAY) == [letter.id]
    bar(cast, cast.dana.id)
    if step == "claim":
        with pytest.raises(DatabaseError, match="consent gate"):
            set_back(letter, "waiting")
        assert outbox.claim("worker", now=TODAY) == []
    else:
        assert outbox.begin_handing(letter.id, "worker") is None
    db.session.expire_all()

    assert letter.state == LetterState.SUPPRESSED


def test_barred_person_gets_no_cancellation_either(cast: Cast) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    db.session.execute(update(Letter).values(state=LetterState.SENT))
    revoke(cast.grants[Kind.FAMILY_THERAPY])
    bar(cast, cast.dana.id)

    assert refused(
        to_dana(
            cast, "back", basis=Basis.RETRACTION, kind="cancellation", uid=letter.uid, sequence=1
        )
    )


def test_retraction_needs_a_cancellation_and_somebodys_own_entry(cast: Cast) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    db.session.execute(update(Letter).values(state=LetterState.SENT))
    back: dict[str, Any] = {"basis": Basis.RETRACTION, "uid": letter.uid, "sequence": 1}

    drafts = (
        to_dana(cast, "kind", **back, kind="invitation"),
        to_dana(cast, "grant", **back, kind="cancellation", grant_id="0" * 32),
        to_dana(cast, "person", **back, kind="cancellation", recipient_id=cast.miguel.id),
        to_dana(cast, "good", **back, kind="cancellation"),
    )

    assert [inserted(row_of(draft)) for draft in drafts] == [False, False, False, True]


@pytest.mark.parametrize(
    ("values", "good"),
    [
        ({"state": "sent"}, True),
        (
            {"state": "sending", "phase": "handing", "lease_until": TODAY + timedelta(minutes=1)},
            True,
        ),
        ({"state": "retry", "ambiguous": 1}, True),
        ({"state": "retry"}, False),
        (
            {"state": "sending", "phase": "claimed", "lease_until": TODAY + timedelta(minutes=1)},
            False,
        ),
    ],
)
def test_cancellation_follows_only_what_left_or_may_have_left(
    cast: Cast, values: dict[str, Any], good: bool
) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    db.session.execute(update(Letter).values(**values))
    back = row_of(
        to_dana(
            cast, "back", basis=Basis.RETRACTION, kind="cancellation", uid=letter.uid, sequence=1
        )
    )

    assert inserted(back) is good


def inserted(row: Any) -> bool:
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except DatabaseError:
        return False
    return True


def test_cancellation_of_a_cancellation_or_of_itself_is_refused(cast: Cast) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    db.session.execute(update(Letter).values(state=LetterState.SENT))
    back: dict[str, Any] = {"basis": Basis.RETRACTION, "kind": "cancellation", "sequence": 1}
    first = row_of(to_dana(cast, "back", **back, uid=letter.uid))
    assert inserted(first)
    db.session.execute(
        update(Letter).where(Letter.id == letter.id).values(state=LetterState.SET_ASIDE)
    )
    db.session.execute(update(Letter).where(Letter.id == first.id).values(state=LetterState.SENT))

    assert not inserted(row_of(to_dana(cast, "again", **back, uid=letter.uid)))


def paper(cast: Cast, **said: Any) -> Statement:
    return statement(cast.dana, cast.jordan, **said)


EMPTY: tuple[dict[str, Any], ...] = (
    {"patient_name": " "},
    {"discloser": ""},
    {"information": ""},
    {"person_name": ""},
    {"wording": " "},
    {"language": ""},
    {"signer_name": ""},
    {"recorded_by": ""},
    {"capacity": "nobody"},
    {"method": "spoken"},
    {"method": "typed"},
    {"method": "typed", "proof": " "},
    {"signed": None},
    {"person_id": "jordan"},
)


@pytest.mark.parametrize("said", EMPTY, ids=str)
def test_incomplete_statement_is_refused_by_the_database(cast: Cast, said: dict[str, Any]) -> None:
    write_statement(cast, "1" * 32, {})  # complete, it is taken
    with pytest.raises(DatabaseError):
        write_statement(
            cast, "0" * 32, said | ({"person_id": cast.jordan.id} if "person_id" in said else {})
        )


def write_statement(cast: Cast, statement_id: str, said: dict[str, Any]) -> None:
    columns = {
        column.name: getattr(paper(cast), column.name) for column in Statement.__table__.columns
    }
    row = {
        name: value.value if hasattr(value, "value") else value for name, value in columns.items()
    }
    names = ", ".join(row)
    plain = {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
    insert = f"INSERT INTO statements ({names}) VALUES ({', '.join(':' + name for name in row)})"
    db.session.execute(text(insert), plain | {"id": statement_id} | said)


def bare_grant(cast: Cast, **said: Any) -> Grant:
    usual: dict[str, Any] = {
        "statement": paper(cast).id,
        "person_id": cast.dana.id,
        "patient_id": cast.jordan.id,
        "purpose": Kind.CAREGIVER_GROUP,
        "signed": SIGNED,
        "expires": EXPIRES,
        "signed_by": Signer.PATIENT,
        "valid_from": ALWAYS[0],
        "valid_until": ALWAYS[1],
        "given_at": ALWAYS[0],
        "given_by": "sam",
    }
    return Grant(**(usual | said))


def test_grant_that_stands_on_its_paper_is_taken(cast: Cast) -> None:
    assert inserted(bare_grant(cast))


@pytest.mark.parametrize(
    "said",
    [
        {"statement": "0" * 32},
        {"person_id": "miguel"},
        {"patient_id": "rivera"},
        {"purpose": Kind.INDIVIDUAL},
        {"signed_by": Signer.GUARDIAN},
        {"signed": date(2026, 1, 6)},
        {"expires": None},
        {"expires_on": Ending.DISCHARGE},
        {"valid_until": ALWAYS[0]},
    ],
    ids=str,
)
def test_grant_that_its_paper_does_not_say_is_refused_by_the_database(
    cast: Cast, said: dict[str, Any]
) -> None:
    people = {"miguel": cast.miguel.id, "rivera": cast.rivera.id}

    assert not inserted(
        bare_grant(cast, **{name: people.get(str(value), value) for name, value in said.items()})
    )


def test_grant_for_somebody_elses_relative_is_refused_even_on_a_paper_that_says_so(
    cast: Cast,
) -> None:
    stranger = statement(cast.sam, cast.jordan)

    assert not inserted(bare_grant(cast, statement=stranger.id, person_id=cast.sam.id))


@WAITS
def test_letter_under_an_authority_that_ended_is_refused_and_what_waits_is_stopped(
    cast: Cast, waits: LetterState
) -> None:
    held = Authority(
        patient_id=cast.jordan.id,
        name="Pat Grey",
        capacity=Signer.PROXY,
        first=SIGNED,
        evidence="docket",
        recorded_at=TODAY,
        recorded_by="sam",
    )
    db.session.add(held)
    db.session.flush()
    signed = paper(cast, capacity=Signer.PROXY, authority_id=held.id)
    given = bare_grant(cast, statement=signed.id, signed_by=Signer.PROXY)
    assert inserted(given)
    about: dict[str, Any] = {"grant_id": given.id, "purpose": Kind.CAREGIVER_GROUP}
    letter = outbox.enqueue(to_dana(cast, "waits", **about), now=NOW)
    other = outbox.enqueue(to_dana(cast, "other"), now=NOW)
    assert letter is not None
    assert other is not None
    letter.state = waits
    db.session.flush()
    db.session.execute(update(Authority).values(ended_at=TODAY, ended_by="sam"))
    db.session.expire_all()

    assert (letter.state, letter.reason) == (
        LetterState.SUPPRESSED,
        "the authority it stood on has ended",
    )
    assert other.state == LetterState.WAITING
    assert refused(to_dana(cast, "late", **about))
    with pytest.raises(DatabaseError, match="consent gate"):
        set_back(letter, "waiting")
    assert outbox.claim("worker", now=TODAY) == [other.id]


def held_by(cast: Cast, name: str) -> Authority:
    row = Authority(
        patient_id=cast.jordan.id,
        name=name,
        capacity=Signer.GUARDIAN,
        first=SIGNED,
        evidence="docket",
        recorded_at=TODAY,
        recorded_by="sam",
    )
    db.session.add(row)
    db.session.flush()
    return row


def co_signed(cast: Cast) -> tuple[dict[str, Any], Authority, Authority]:
    """Return what a letter stands on that two parents signed for, and the authorities of both."""
    first, second = held_by(cast, "Pat Grey"), held_by(cast, "Lee Grey")
    signed = paper(cast, capacity=Signer.GUARDIAN, authority_id=first.id)
    db.session.add(CoSignature(statement_id=signed.id, authority_id=second.id))
    given = bare_grant(cast, statement=signed.id, signed_by=Signer.GUARDIAN)
    assert inserted(given)
    return {"grant_id": given.id, "purpose": Kind.CAREGIVER_GROUP}, first, second


def end(authority: Authority) -> None:
    db.session.execute(
        update(Authority).where(Authority.id == authority.id).values(ended_at=TODAY, ended_by="sam")
    )
    db.session.expire_all()


@WAITS
@pytest.mark.parametrize("number", [1, 2])
def test_letter_that_two_signed_for_stops_when_either_authority_ends(
    cast: Cast, number: int, waits: LetterState
) -> None:
    about, *authorities = co_signed(cast)
    other = held_by(cast, "Somebody Else")
    letter, mine = (
        outbox.enqueue(to_dana(cast, "waits", **about), now=NOW),
        outbox.enqueue(to_dana(cast, "m"), now=NOW),
    )
    assert letter is not None
    assert mine is not None
    letter.state = waits
    db.session.flush()
    end(other)
    assert letter.state == waits
    end(authorities[number - 1])

    assert (letter.state, letter.reason) == (
        LetterState.SUPPRESSED,
        "the authority it stood on has ended",
    )
    assert mine.state == LetterState.WAITING
    assert refused(to_dana(cast, "late", **about))
    with pytest.raises(DatabaseError, match="consent gate"):
        set_back(letter, waits)
    assert outbox.claim("worker", now=TODAY) == [mine.id]


def test_letter_that_two_signed_for_leaves_while_both_stand(cast: Cast) -> None:
    about, _, _ = co_signed(cast)
    letter = outbox.enqueue(to_dana(cast, "waits", **about), now=NOW)

    assert letter is not None
    assert outbox.claim("worker", now=TODAY) == [letter.id]


@pytest.mark.parametrize(
    "change", ["UPDATE co_signatures SET authority_id = statement_id", "DELETE FROM co_signatures"]
)
def test_second_signature_stays_as_it_was(cast: Cast, change: str) -> None:
    co_signed(cast)

    with pytest.raises(DatabaseError, match=r"never (changed|deleted)"):
        db.session.execute(text(change))


@pytest.mark.parametrize("table", ["statements", "authorities", "barriers"])
def test_what_a_grant_stands_on_is_never_deleted(cast: Cast, table: str) -> None:
    bar(cast, cast.dana.id)
    db.session.add(
        Authority(
            patient_id=cast.jordan.id,
            name="Pat",
            capacity=Signer.PROXY,
            first=SIGNED,
            evidence="x",
            recorded_at=TODAY,
            recorded_by="sam",
        )
    )
    db.session.flush()

    with pytest.raises(DatabaseError, match="never deleted"):
        db.session.execute(text(f"DELETE FROM {table}"))


@pytest.mark.parametrize(
    "column",
    [
        "patient_name",
        "discloser",
        "information",
        "person_name",
        "wording",
        "language",
        "signer_name",
        "proof",
        "recorded_by",
    ],
)
def test_what_was_signed_stays_as_it_was(cast: Cast, column: str) -> None:
    with pytest.raises(DatabaseError, match="never changed"):
        db.session.execute(text(f"UPDATE statements SET {column} = 'other'"))


def test_copy_and_coming_of_age_are_noted_once(cast: Cast) -> None:
    for column in ("copy_given_at", "suspended_at"):
        db.session.execute(text(f"UPDATE statements SET {column} = '2027-01-01'"))
        with pytest.raises(DatabaseError, match="never changed"), db.session.begin_nested():
            db.session.execute(text(f"UPDATE statements SET {column} = '2027-01-02'"))
        with pytest.raises(DatabaseError, match="never changed"), db.session.begin_nested():
            db.session.execute(text(f"UPDATE statements SET {column} = NULL"))


@pytest.mark.parametrize(
    "change", ["lifted_at = NULL", "person_id = NULL", "kind = 'deceased'", "reason = 'x'"]
)
def test_barrier_that_was_lifted_stays_so(cast: Cast, change: str) -> None:
    bar(cast, cast.dana.id, lifted_at=TODAY, lifted_by="sam")

    with pytest.raises(DatabaseError, match="final"):
        db.session.execute(text(f"UPDATE barriers SET {change}"))
