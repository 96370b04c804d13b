"""Copies: encrypted, whole, and a restore that sends nothing twice. A father without consent stands
by.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.engine import Engine

from conftest import settings
from household import NOW, Household, stand_up
from scheduler import audit, backups, consents, create_app, outbox
from scheduler.backups.carry_forward import AS_COPIED, AS_THEY_ARE, RECORD, SINCE
from scheduler.backups.restore_copy import STALE
from scheduler.invitations import announce
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import Base, db
from scheduler.kernel.errors import InputError
from scheduler.outbox import DeliveryStatus, Outcome, begin_handing, claim, settle
from scheduler.outbox.models import Hold, Letter, LetterState
from scheduler.people import (
    begin_sign_in,
    end_passkeys,
    new_factor,
    note_wrong_code,
    passkeys_of,
    person_by_key,
    signed_in,
    stopped_among,
)
from scheduler.people.accounts.models import SecondFactor
from scheduler.people.accounts.totp import reset_factor
from scheduler.people.models import Clinician, Person, Role
from scheduler.people.proofs.models import Passkey
from scheduler.sessions.models import Session

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def home(home: Household) -> Household:
    home.consent()
    home.appointment(1)
    audit.append("load", about="clinic", by="command", now=NOW)
    db.session.commit()
    return home


def copy(tmp_path: Path) -> Path:
    path = tmp_path / "copy.kinfold"
    backups.make(db.engine, path, now=NOW)
    return path


def restore(path: Path) -> backups.Restored:
    db.session.remove()
    return backups.restore(db.engine, path, now=LATER)


def tell_and_send() -> list[str]:
    """Invite whom there is to invite, and hand everything over; give who got what."""
    announce(by="worker", now=NOW)
    db.session.commit()
    sent = []
    for letter_id in claim("a worker", now=NOW):
        letter = begin_handing(letter_id, "a worker")
        assert letter is not None
        settle(letter, Outcome(DeliveryStatus.SENT, "250 kept"), now=NOW)
        kind = db.session.scalar(select(Letter.kind).where(Letter.id == letter_id))
        sent.append(f"{kind} to {letter.address}")
    db.session.commit()
    return sent


def rows() -> dict[str, int]:
    found = {}
    for model in (Person, Session, Letter, Invitation):
        found[model.__tablename__] = db.session.scalar(select(func.count()).select_from(model)) or 0
    db.session.rollback()
    return found


def test_copy_holds_every_row_and_restores_them(home: Household, tmp_path: Path) -> None:
    tell_and_send()
    before = rows()
    path = copy(tmp_path)
    db.session.execute(text("UPDATE people SET name = 'Somebody Else'"))
    db.session.commit()

    restore(path)

    assert rows() == before
    assert db.session.scalars(select(Person.name).where(Person.key == "p-1")).one() == "Jordan Lee"
    assert audit.verify() is None
    assert consents.gate_damage(db.session.connection()) == []


def test_copy_can_be_read_by_nobody_without_the_key(home: Household, tmp_path: Path) -> None:
    path = copy(tmp_path)

    content = path.read_bytes()
    assert [
        word for word in (b"Jordan", b"SQLite format", b"family.example") if word in content
    ] == []
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.glob("copy*")] == ["copy.kinfold"]


def test_restoring_an_older_copy_sends_nothing_again(home: Household, tmp_path: Path) -> None:
    path = copy(tmp_path)
    first = tell_and_send()

    done = restore(path)
    outbox.resume(send=True, by="desk", now=LATER)

    assert first == ["invitation to m@family.example"]
    assert tell_and_send() == []
    assert done.adopted is not None
    assert done.adopted.rows == {"letters": 1, "calendar_names": 1, "invitations": 1}


def test_letter_that_waited_in_the_copy_and_left_since_is_not_sent_again(
    home: Household, tmp_path: Path
) -> None:
    announce(by="worker", now=NOW)
    db.session.commit()
    path = copy(tmp_path)
    first = tell_and_send()
    restore(path)
    outbox.resume(send=True, by="desk", now=LATER)

    assert (first, tell_and_send()) == (["invitation to m@family.example"], [])


def test_withdrawal_since_the_copy_stays_withdrawn(home: Household, tmp_path: Path) -> None:
    path = copy(tmp_path)
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)
    db.session.commit()

    done = restore(path)
    outbox.resume(send=True, by="desk", now=LATER)

    assert done.adopted is not None
    assert done.adopted.withdrawals == 1
    assert tell_and_send() == []


def test_copy_gives_nobody_back_what_they_may_do_no_more(home: Household, tmp_path: Path) -> None:
    account = home.rivera.clinician
    assert account is not None
    account.roles = (Role.ADMINISTRATOR,)
    new_factor(home.rivera, now=NOW)
    secret = begin_sign_in(home.rivera, now=NOW)
    db.session.commit()
    path = copy(tmp_path)
    account.roles = (Role.AUDITOR,)
    account.ended_at = NOW
    reset_factor(home.rivera, by="sam", now=NOW)
    db.session.commit()

    restore(path)

    restored = db.session.scalars(select(Clinician)).one()
    assert (restored.roles, restored.ended_at) == ((Role.AUDITOR,), NOW)
    assert db.session.scalars(select(SecondFactor)).all() == []
    assert signed_in(secret, now=NOW) is None


def test_consent_given_since_the_copy_stands(home: Household, tmp_path: Path) -> None:
    path = copy(tmp_path)
    home.consent(home.aunt)
    db.session.commit()

    done = restore(path)

    assert done.adopted is not None
    assert done.adopted.rows == {"grants": 1, "statements": 1}


def test_what_refers_to_people_the_copy_does_not_have_is_left_out(
    home: Household, tmp_path: Path
) -> None:
    path = copy(tmp_path)
    late = home.appointment(3, week=2)
    tell_and_send()
    assert late.id

    done = restore(path)

    assert done.adopted is not None
    assert done.adopted.no_place > 0
    with db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    assert db.session.scalar(select(func.count()).select_from(Session)) == 1


def test_record_goes_on_over_a_restore(home: Household, tmp_path: Path) -> None:
    path = copy(tmp_path)
    audit.append("later", about="clinic", by="command", now=NOW)
    db.session.commit()

    done = restore(path)

    assert done.adopted is not None
    assert done.adopted.record
    assert audit.verify() is None


def test_outbox_is_held_after_a_restore_until_somebody_lets_it_go(
    home: Household, tmp_path: Path
) -> None:
    path = copy(tmp_path)
    restore(path)

    assert tell_and_send() == []
    assert [row.released_by for row in db.session.scalars(select(Hold))] == [None]
    outbox.resume(send=True, by="desk", now=LATER)
    db.session.commit()
    assert tell_and_send() == ["invitation to m@family.example"]


def test_letters_that_wait_can_be_set_aside_instead(home: Household, tmp_path: Path) -> None:
    announce(by="worker", now=NOW)
    db.session.commit()
    restore(copy(tmp_path))

    assert outbox.resume(send=False, by="desk", now=LATER) == 1
    assert [row.state for row in db.session.scalars(select(Letter))] == [LetterState.SET_ASIDE]


def test_letter_being_handed_over_in_the_copy_is_set_aside(home: Household, tmp_path: Path) -> None:
    announce(by="worker", now=NOW)
    (letter_id,) = claim("a worker", now=NOW)
    begin_handing(letter_id, "a worker")
    db.session.commit()

    restore(copy(tmp_path))

    letter = db.session.scalars(select(Letter)).one()
    assert (letter.state, letter.ambiguous) == (LetterState.SET_ASIDE, 1)
    assert letter.reason == "it may have left while the database was replaced"


@pytest.mark.parametrize("hurt", ["page", "tail", "words"])
def test_damaged_copy_is_refused_and_nothing_changes(
    home: Household, tmp_path: Path, hurt: str
) -> None:
    path = copy(tmp_path)
    content = bytearray(path.read_bytes())
    if hurt == "page":
        content[len(content) // 2] ^= 1
    path.write_bytes(
        content[:-4096] if hurt == "tail" else b"not a copy at all" if hurt == "words" else content
    )
    before = rows()

    with pytest.raises(InputError, match=r"copy\.kinfold"):
        restore(path)

    assert rows() == before
    assert outbox.suspended() is None


def test_other_file_is_not_replaced_by_a_copy(home: Household, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("dear diary")

    with pytest.raises(InputError, match="not replaced"):
        backups.make(db.engine, path, now=NOW)

    assert path.read_text() == "dear diary"


def test_copy_with_a_changed_record_is_refused(home: Household, tmp_path: Path) -> None:
    with db.engine.begin() as connection:
        trigger = (
            "audit_entries_final ON audit_entries"
            if connection.dialect.name == "postgresql"
            else "audit_entries_final"
        )
        connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text("UPDATE audit_entries SET deed = 'other'"))

    with pytest.raises(InputError, match="changed at entry 1"):
        copy(tmp_path)

    assert list(tmp_path.glob("copy*")) == []


def test_copy_of_one_engine_restores_into_the_other(
    home: Household, tmp_path: Path, sqlite_url: str, postgres_url: str
) -> None:
    tell_and_send()
    before = rows()
    path = copy(tmp_path)
    other = postgres_url if db.engine.dialect.name == "sqlite" else sqlite_url

    moved = create_app(settings(other))
    with moved.app_context():
        done = restore(path)
        assert (rows(), done.adopted) == (before, None)
        assert consents.gate_damage(db.session.connection()) == []
        db.session.remove()
        db.engine.dispose()


def test_unreadable_database_is_kept_beside_the_restored_one(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    stand_up()
    db.session.commit()
    path = copy(tmp_path)
    live = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    live.write_bytes(b"rust" * 5000)

    done = restore(path)

    assert done.kept_as is not None
    assert done.kept_as.read_bytes()[:4] == b"rust"
    assert (done.adopted, rows()["people"]) == (None, 6)


def test_copy_is_of_one_moment_while_others_write(home: Household, tmp_path: Path) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE people SET name = 'Everybody'"))
    stop = threading.Event()
    writer = threading.Thread(target=write_in(db.engine, stop))
    writer.start()
    try:
        path = copy(tmp_path)
    finally:
        stop.set()
        writer.join()
    restore(path)

    assert len(set(db.session.scalars(select(Person.name)))) == 1


def test_passkeys_and_guesses_stay_as_they_are_now(home: Household, tmp_path: Path) -> None:
    mother = home.mother
    for name in ("lost since", "kept"):
        db.session.add(
            Passkey(
                person_id=mother.id,
                credential=name,
                public_key=b"key",
                uses=1,
                host="hl-sched.example",
                name=name,
                made_at=NOW,
            )
        )
    db.session.commit()
    path = copy(tmp_path)
    kept, lost = sorted(passkeys_of(mother), key=lambda passkey: passkey.name)
    end_passkeys(mother, [lost.id], by="desk", now=NOW)
    kept.uses = 7
    for _ in range(100):
        note_wrong_code(mother, now=NOW)
    db.session.commit()
    restore(path)
    (left,) = passkeys_of(person_by_key(home.mother.key))

    assert (left.name, left.uses) == ("kept", 7)
    assert stopped_among([home.mother]) == {home.mother.id}


def write_in(engine: Engine, stop: threading.Event) -> Callable[[], None]:
    """Return a writer that renames everybody at once, again and again."""

    def write() -> None:
        number = 0
        while not stop.is_set():
            with engine.begin() as connection:
                connection.execute(
                    text("UPDATE people SET name = :name"), {"name": f"Everybody {number}"}
                )
            number += 1

    return write


def test_every_table_is_kept_from_the_present_or_taken_from_the_copy(sqlite_app: Flask) -> None:
    decided = SINCE | AS_COPIED | {*STALE, *AS_THEY_ARE} | {RECORD, "outbox_holds"}

    assert set(Base.metadata.tables) - decided == set()
    assert decided - set(Base.metadata.tables) <= {"authorities"}
