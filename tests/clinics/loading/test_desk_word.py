"""The desk's word outlives the file: what was recorded since the last export stays, line by line.

The father without consent stands by: no load lets him know anything.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from scheduler import consents
from scheduler.admissions import discharge
from scheduler.clinics import Take, dump, export, load, read
from scheduler.consents.model.models import BarrierKind, Grant
from scheduler.kernel.database import db
from scheduler.people import contact_of, decide_readiness, edit_contact, person_by_key
from scheduler.people.contact import Contact
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.programs.models import Enrolment
from scheduler.provenance import Source, mark_exported, words_about, words_to_export
from tests.clinics.small_pines import LATER, NOW, SMALL_PINES, changed, lines, load_bytes

MOTHER = "p-1-mother"
DESK_TIME = datetime(2027, 3, 1, 15, tzinfo=UTC)
BY = {"by": "rivera", "now": DESK_TIME}


@pytest.fixture
def clinic(app: Flask) -> str:
    """The small clinic as it was exported before the desk went on working."""
    load_bytes(SMALL_PINES.encode())
    db.session.commit()
    exported = dump(export())
    mark_exported(words_to_export(), now=NOW)
    db.session.commit()
    return exported


def standing(person: str) -> list[str]:
    grants = select(Grant).join(Person, Grant.person_id == Person.id).where(Person.key == person)
    still = db.session.scalars(grants.where(Grant.revoked_at.is_(None)))
    return sorted(grant.purpose.value for grant in still)


def sign_at_the_desk(person: str = MOTHER, kind: Kind = Kind.PROGRESS_UPDATE) -> None:
    consents.give(
        person=person_by_key(person),
        patient=person_by_key("p-1"),
        purposes=[kind],
        signed=date(2027, 3, 1),
        expires=date(2027, 6, 30),
        **BY,
    )


def withdraw_at_the_desk() -> None:
    consents.revoke(
        person=person_by_key(MOTHER),
        patient=person_by_key("p-1"),
        purposes=[Kind.FAMILY_THERAPY],
        **BY,
    )


def call(words: str, **fields: str) -> None:
    person = person_by_key(MOTHER)
    now_so = contact_of(person)
    said = {name: fields.get(name, getattr(now_so, name)) for name in Contact.__slots__}
    edit_contact(person, Contact(**said), **BY)


def kept(file: str, take: Take = Take.DESK) -> list[str]:
    changes = load(read(file.encode()), by="command", now=LATER, take=take)
    return [line for line in changes.lines() if line.startswith("kept: ")]


@pytest.mark.parametrize("take", Take)
def test_consent_signed_at_the_desk_stands_whatever_is_taken(clinic: str, take: Take) -> None:
    sign_at_the_desk()

    said = kept(clinic, take)

    assert standing(MOTHER) == ["caregiver_group", "family_therapy", "progress_update"]
    assert standing("p-1-father") == []
    assert said == [
        "kept: consent of p-1-mother: stands, though the file does not list it (progress_update, "
        "signed 2027-03-01, recorded 2027-03-01)"
    ]


@pytest.mark.parametrize("take", Take)
def test_withdrawal_at_the_desk_stands_whatever_is_taken(clinic: str, take: Take) -> None:
    withdraw_at_the_desk()

    said = kept(clinic, take)

    assert standing(MOTHER) == ["caregiver_group"]
    assert said == [
        "kept: consent of p-1-mother: stays revoked (family_therapy, signed 2027-02-20)"
    ]


def test_paper_signed_before_a_withdrawal_is_not_given_in_other_words(clinic: str) -> None:
    withdraw_at_the_desk()

    said = kept(clinic.replace("expires: 2027-06-30", "expires: 2027-07-31"))

    assert standing(MOTHER) == ["caregiver_group"]
    assert said == [
        "kept: consent of p-1-mother: stays revoked (family_therapy, signed 2027-02-20)"
    ]


def test_nothing_signed_before_comes_back_once_all_was_withdrawn(clinic: str) -> None:
    consents.revoke(person=person_by_key(MOTHER), patient=person_by_key("p-1"), **BY)

    kept(clinic.replace("caregiver_group, family_therapy", "progress_update"))

    assert standing(MOTHER) == []


def test_file_that_says_its_own_paper_otherwise_is_taken(clinic: str) -> None:
    said = kept(clinic.replace("expires: 2027-06-30", "expires: 2027-07-31"))

    assert (standing(MOTHER), said) == (["caregiver_group", "family_therapy"], [])


@pytest.mark.parametrize("take", Take)
def test_do_not_contact_stands_whatever_is_taken(clinic: str, take: Take) -> None:
    patient, mother = person_by_key("p-1"), person_by_key(MOTHER)
    consents.add_barrier(patient=patient, person=mother, kind=BarrierKind.DO_NOT_CONTACT, **BY)

    kept(clinic, take)

    assert consents.barred_people([patient.id]) == {(patient.id, mother.id)}


def test_address_set_at_the_desk_stays_and_is_told(clinic: str) -> None:
    call("a new address", email="dana@new.example", phone="+16175550188")

    said = kept(clinic)

    mother = person_by_key(MOTHER)
    assert (mother.email, mother.phone) == ("dana@new.example", "+16175550188")
    assert said == [
        "kept: relative p-1-mother: email (set at the desk by rivera on 2027-03-01)",
        "kept: relative p-1-mother: phone (set at the desk by rivera on 2027-03-01)",
    ]


def test_file_is_taken_where_its_word_is_asked_for(clinic: str) -> None:
    call("a new address", email="dana@new.example")

    said = kept(clinic, Take.FILE)

    assert (person_by_key(MOTHER).email, said) == ("dana@family.example", [])


def test_what_the_file_was_asked_for_is_its_word_from_then_on(clinic: str) -> None:
    call("a new address", email="dana@new.example")
    kept(clinic, Take.FILE)

    assert kept(clinic.replace("dana@family.example", "dana@third.example")) == []
    assert person_by_key(MOTHER).email == "dana@third.example"


def test_readiness_decided_at_the_desk_stays(clinic: str) -> None:
    decide_readiness(person_by_key(MOTHER), ready=False, reason="asked to wait", **BY)

    said = kept(clinic)

    assert person_by_key(MOTHER).relative.ready is False  # type: ignore[union-attr]
    assert said == ["kept: relative p-1-mother: ready (set at the desk by rivera on 2027-03-01)"]


def test_discharge_at_the_desk_stays(clinic: str) -> None:
    discharge(person_by_key("p-1"), date(2027, 3, 12), **BY)

    said = kept(clinic)

    stay = db.session.scalars(
        select(Enrolment).where(Enrolment.patient_id == person_by_key("p-1").id)
    ).one()
    assert stay.last == date(2027, 3, 12)
    assert said == ["kept: stay of p-1: to (set at the desk by rivera on 2027-03-01)"]


def test_what_an_export_carried_is_the_files_to_change(clinic: str) -> None:
    call("a new address", email="dana@new.example")
    exported = dump(export())
    mark_exported(words_to_export(), now=LATER)

    assert kept(exported) == []
    assert kept(exported.replace("dana@new.example", "dana@third.example")) == []
    assert person_by_key(MOTHER).email == "dana@third.example"


def test_consent_an_export_carried_is_never_taken_back(clinic: str) -> None:
    sign_at_the_desk()
    mark_exported(words_to_export(), now=LATER)

    kept(clinic, Take.FILE)

    assert standing(MOTHER) == ["caregiver_group", "family_therapy", "progress_update"]


def test_word_said_while_an_export_is_written_is_newer_than_it(clinic: str) -> None:
    call("a new address", email="dana@new.example")
    stamps = words_to_export()
    call("another", email="dana@newer.example")
    mark_exported(stamps, now=LATER)

    assert kept(clinic) == [
        "kept: relative p-1-mother: email (set at the desk by rivera on 2027-03-01)"
    ]


def test_field_that_agrees_is_nothing_to_tell(clinic: str) -> None:
    call("a new address", email="dana@new.example")

    assert kept(clinic.replace("dana@family.example", "dana@new.example")) == []


def test_field_beside_a_kept_one_is_the_files(clinic: str) -> None:
    call("a new address", email="dana@new.example")
    file = read(clinic.replace("America/Chicago", "America/Denver").encode())

    changes = load(file, by="command", now=LATER)

    assert lines(changes) == ["relative p-1-mother: changed (zone)"]
    assert person_by_key(MOTHER).email == "dana@new.example"


def test_each_field_knows_who_set_it(clinic: str) -> None:
    call("a new address", email="dana@new.example")

    words = words_about([f"relative {MOTHER}"])

    assert {field: (word.source, word.by) for (_, field), word in words.items()} == {
        "email": (Source.DESK, "rivera")
    }


def test_desk_that_agrees_with_nothing_older_is_loaded_twice_alike(clinic: str) -> None:
    call("a new address", email="dana@new.example")
    sign_at_the_desk()
    withdraw_at_the_desk()

    assert kept(clinic) == kept(clinic)


def test_story_by_command(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_bytes(changed("expires: 2027-06-30", "expires: 2028-06-30"))
    runner.invoke(args=["clinic", "load", str(file)])
    old = tmp_path / "old.yaml"
    old.write_text(runner.invoke(args=["clinic", "export"]).stdout)
    who = [MOTHER, "--patient", "p-1", "--kinds"]
    days = ["--signed", "2026-11-01", "--expires", "2028-06-30"]
    runner.invoke(args=["consent", "give", *who, "progress_update", *days])
    runner.invoke(args=["consent", "revoke", *who, "family_therapy"])

    done = runner.invoke(args=["clinic", "load", str(old)])
    taken = runner.invoke(args=["clinic", "load", str(old), "--take", "file"])

    told = [line.partition(" (")[0] for line in done.stdout.splitlines()]
    assert (done.exit_code, told) == (
        0,
        [
            "kept: consent of p-1-mother: stands, though the file does not list it",
            "kept: consent of p-1-mother: stays revoked",
            "nothing changed",
        ],
    )
    assert (taken.exit_code, taken.stdout) == (0, done.stdout)
    assert standing(MOTHER) == ["caregiver_group", "progress_update"]
    assert standing("p-1-father") == []


def test_export_after_the_story_changes_nothing_and_keeps_nothing(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_bytes(SMALL_PINES.encode())
    runner.invoke(args=["clinic", "load", str(file)])
    call("a new address", email="dana@new.example")
    sign_at_the_desk()
    withdraw_at_the_desk()
    db.session.commit()

    file.write_text(runner.invoke(args=["clinic", "export"]).stdout)

    assert runner.invoke(args=["clinic", "load", str(file)]).stdout == "nothing changed\n"
