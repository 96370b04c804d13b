import dataclasses
import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from scheduler.audit.models import AuditEntry
from scheduler.clinics import load, read
from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.kernel.errors import InvalidFile
from scheduler.people.models import Person, PersonKind
from scheduler.programs.models import Closure, Program
from tests.clinics.small_pines import LATER, NOW, PAPER, SMALL_PINES, changed, lines, load_bytes
from tests.web.house import clinic_file


def standing(person: str) -> list[str]:
    grants = select(Grant).join(Person, Grant.person_id == Person.id).where(Person.key == person)
    return sorted(
        grant.purpose.value
        for grant in db.session.scalars(grants.where(Grant.revoked_at.is_(None)))
    )


def test_the_first_load_adds_everything(app: Flask) -> None:
    changes = load_bytes(SMALL_PINES.encode())
    assert changes.counts() == {
        "practice added": 1,
        "closures changed": 1,
        "video room added": 1,
        "program added": 1,
        "clinician added": 2,
        "patient added": 2,
        "relative added": 2,
        "cohort added": 1,
        "stay of added": 2,
        "consent of given": 2,
    }


def test_a_father_without_consent_has_no_grant(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    assert (standing("p-1-mother"), standing("p-1-father")) == (
        ["caregiver_group", "family_therapy"],
        [],
    )


def test_the_same_file_again_changes_nothing(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    db.session.commit()
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    changes = load_bytes(SMALL_PINES.encode(), LATER)
    assert (lines(changes), changes.kept) == ([], [])
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries


def crowd(patients: int) -> bytes:
    """The practice of the pages' tests with so many patients more, who have no family."""
    tree = json.loads(clinic_file())
    first = tree["patients"][0]
    for number in range(patients):
        own = {"key": f"more-{number}", "email": f"more{number}@patient.example", "family": []}
        tree["patients"].append({**first, **own})
    return json.dumps(tree).encode()


def test_load_of_many_patients_asks_as_often_as_of_few(app: Flask) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    counts = []
    for patients in (2, 40):
        asked.clear()
        load(read(crowd(patients)), by="command", now=NOW)
        counts.append(len(asked))
        db.session.rollback()

    assert counts[0] == counts[1]


def with_roles(rivera: str, desk: str) -> bytes:
    """The practice of the pages' tests; rivera and the desk have one role each."""
    tree = json.loads(clinic_file())
    for said, role in zip(tree["clinicians"], (rivera, desk), strict=True):
        said["roles"] = [role]
    return json.dumps(tree).encode()


def test_file_that_leaves_no_administrator_is_refused_at_its_place(app: Flask) -> None:
    load_bytes(with_roles("clinician", "administrator"))
    db.session.commit()

    with pytest.raises(InvalidFile) as refused:
        load_bytes(with_roles("clinician", "coordinator"), LATER)
    db.session.rollback()
    assert [problem.place for problem in refused.value.problems] == ["clinicians[1].roles"]

    changes = load_bytes(with_roles("administrator", "coordinator"), LATER)
    assert lines(changes) == [
        "clinician rivera: changed (roles)",
        "clinician desk: changed (roles)",
    ]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("dana@family.example", "dana@new.example", "relative p-1-mother: changed (email)"),
        ("ready: true", "ready: false", "relative p-1-mother: changed (ready)"),
        ("zone: America/Chicago", "zone: America/Denver", "relative p-1-mother: changed (zone)"),
        ("buffer: 10", "buffer: 15", "clinician rivera: changed (buffer)"),
        ("until: 2028-06-30", "until: 2029-06-30", "clinician rivera: changed (licences)"),
        ("born: 1994-05-02", "born: 1994-05-03", "patient p-1: changed (born)"),
        ("clinician: moss", "clinician: rivera", "patient p-1: changed (clinician)"),
        (
            "    clinician: moss",
            "    to: 2027-03-20\n    clinician: moss",
            "stay of p-1: changed (to)",
        ),
        ("learn: [moss]", "learn: rivera", "cohort march: changed (leads)"),
        ("minutes: 90", "minutes: 80", "program evening: changed (template)"),
        ("note: staff day", "note: away day", "closures: changed"),
        ("SP Calendar", "SP Times", "practice: changed (outward_name)"),
        ("https://video.example/a", "https://video.example/b", "video room room-a: changed (url)"),
    ],
)
def test_one_changed_field_is_the_only_change(
    app: Flask, before: str, after: str, told: str
) -> None:
    load_bytes(SMALL_PINES.encode())
    db.session.commit()
    assert lines(load_bytes(changed(before, after))) == [told]
    db.session.commit()
    assert lines(load_bytes(changed(before, after))) == []


def test_a_changed_template_raises_the_programs_version(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    load_bytes(changed("Evening program", "Late program"))
    load_bytes(changed("minutes: 90", "minutes: 80"))
    newest = select(Program).where(Program.of_id.is_(None))
    assert db.session.scalars(newest).one().version == 2


def test_closures_are_those_of_the_file(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    load_bytes(
        changed(
            "    - {on: 2027-03-15, note: staff day}", "    - {from: 2027-12-24, to: 2027-12-31}"
        )
    )
    assert [
        (str(row.first), str(row.last), row.note) for row in db.session.scalars(select(Closure))
    ] == [("2027-12-24", "2027-12-31", None)]


def test_persons_missing_from_the_file_are_left_alone(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    db.session.commit()
    without_tess = SMALL_PINES[: SMALL_PINES.index("  - key: p-2")]
    assert lines(load_bytes(without_tess.encode())) == []
    assert db.session.scalars(
        select(Person.key).where(Person.kind == PersonKind.PATIENT).order_by(Person.key)
    ).all() == [
        "p-1",
        "p-2",
    ]


def test_a_consent_no_longer_listed_is_revoked(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    db.session.commit()
    changes = load_bytes(changed("[family_therapy, caregiver_group]", "[caregiver_group]"), LATER)
    assert lines(changes) == ["consent of p-1-mother: revoked (family_therapy, signed 2027-02-20)"]
    assert standing("p-1-mother") == ["caregiver_group"]


def test_a_revoked_consent_that_is_listed_again_stays_revoked_and_is_reported(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    load_bytes(changed(PAPER, "").replace(b"        consents:\n      - key", b"      - key"))
    db.session.commit()
    changes = load_bytes(SMALL_PINES.encode(), LATER)
    assert (lines(changes), standing("p-1-mother")) == ([], [])
    assert [str(change) for change in changes.kept] == [
        "consent of p-1-mother: stays revoked (family_therapy, signed 2027-02-20)",
        "consent of p-1-mother: stays revoked (caregiver_group, signed 2027-02-20)",
    ]


def test_a_newly_signed_paper_gives_again_what_was_revoked(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    load_bytes(changed("[family_therapy, caregiver_group]", "[caregiver_group]"))
    changes = load_bytes(changed("signed: 2027-02-20", "signed: 2027-03-01"), LATER)
    assert lines(changes) == [
        "consent of p-1-mother: revoked (caregiver_group, signed 2027-02-20)",
        "consent of p-1-mother: given (family_therapy, signed 2027-03-01)",
        "consent of p-1-mother: given (caregiver_group, signed 2027-03-01)",
    ]


def test_a_later_paper_beside_the_first_adds_a_grant(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    changes = load_bytes(changed(PAPER, PAPER + PAPER.replace("2027-02-20", "2027-02-24")))
    assert lines(changes) == [
        "consent of p-1-mother: given (family_therapy, signed 2027-02-24)",
        "consent of p-1-mother: given (caregiver_group, signed 2027-02-24)",
    ]


def test_one_purpose_on_two_like_papers_is_one_grant(app: Flask) -> None:
    load_bytes(
        changed(
            PAPER, PAPER + PAPER.replace("[family_therapy, caregiver_group]", "[caregiver_group]")
        )
    )
    assert standing("p-1-mother") == ["caregiver_group", "family_therapy"]


def test_a_guardians_paper_for_an_adult_gives_nothing_and_is_reported(app: Flask) -> None:
    changes = load_bytes(changed("signed_by: patient", "signed_by: guardian"))
    assert standing("p-1-mother") == []
    assert [str(change) for change in changes.void] == [
        "consent of p-1-mother: gives nothing: a guardian cannot sign for an adult (signed "
        "2027-02-20)"
    ]


def test_a_longer_stay_carries_a_consent_that_ends_with_discharge(app: Flask) -> None:
    short = changed("    clinician: moss", "    to: 2027-03-10\n    clinician: moss").decode()
    load_bytes(changed("expires: 2027-06-30", "expires_on: discharge", short))
    changes = load_bytes(changed("expires: 2027-06-30", "expires_on: discharge"), LATER)
    assert lines(changes) == ["stay of p-1: changed (to)", "consents: 2 derived again"]
    assert {grant.valid_until for grant in db.session.scalars(select(Grant))} == {
        datetime(2027, 3, 29, 4, tzinfo=UTC)
    }


def test_the_grants_a_load_revokes_are_handed_to_whoever_commits(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    changes = load_bytes(changed("[family_therapy, caregiver_group]", "[caregiver_group]"), LATER)
    therapy = select(Grant).where(Grant.revoked_at.is_not(None))
    assert changes.revoked == [grant.id for grant in db.session.scalars(therapy)]


def test_a_key_that_is_another_kind_of_person_is_refused_and_changes_nothing(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    db.session.commit()
    file = read(SMALL_PINES.replace("p-2", "p-3").replace("p-1-father", "p-2").encode())
    with pytest.raises(InvalidFile) as refused:
        load(file, by="command", now=LATER)
    assert str(refused.value) == "patients[0].family[1].key: 'p-2' is a patient already"


def test_a_relative_cannot_become_another_patients(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    file = read(SMALL_PINES.encode())
    jordan, tess = file.patients
    moved = dataclasses.replace(
        file,
        patients=(
            dataclasses.replace(jordan, family=()),
            dataclasses.replace(tess, family=jordan.family),
        ),
    )
    with pytest.raises(
        InvalidFile,
        match=r"patients\[1\]\.family\[0\]\.key: 'p-1-mother' is a relative of p-1 already",
    ):
        load(moved, by="command", now=LATER)
