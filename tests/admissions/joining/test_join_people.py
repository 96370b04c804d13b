"""Somebody entered twice: one entry goes on, the other leads to it; no consent gets wider, and the
father without consent still gets nothing.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from household import NOW, TODAY, Household
from scheduler import consents
from scheduler.admissions import join_people, stays_now, usual_contact, why_not
from scheduler.clinics import dump, export, load, read
from scheduler.consents.model.models import BarrierKind, Grant
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.kernel.ids import new_id
from scheduler.people import Licence, decide_readiness, person_by_key
from scheduler.people.models import Patient, Person, PersonKind, Relative, Role
from scheduler.programs import Kind
from scheduler.programs.models import Enrolment
from scheduler.sessions.models import Session

BY = {"by": "rivera", "now": NOW}
LATER = {"by": "rivera", "now": NOW + timedelta(hours=1)}


def relative(key: str, patient: Person, name: str, *, ready: bool = True) -> Person:
    person = Person(
        id=new_id(), key=key, kind=PersonKind.RELATIVE, name=name, email=f"{key}@family.example"
    )
    own = Relative(person=person, patient_id=patient.id, relationship_word="mother", ready=ready)
    db.session.add_all([person, own])
    db.session.flush()
    return person


@pytest.fixture
def home(home: Household) -> Household:
    """The household as a clinic file may say it, in a cohort that began weeks ago."""
    assert home.rivera.clinician is not None
    home.rivera.clinician.licences = (Licence("MA", date(2199, 1, 1)),)
    home.rivera.clinician.roles = (Role.COORDINATOR,)
    home.rivera.free = ()
    home.cohort.starts -= timedelta(days=14)
    db.session.flush()
    return home


@pytest.fixture
def dana(home: Household) -> Person:
    """Jordan's mother, entered a second time."""
    return relative("p-1-mama", home.jordan, "Dana Lee")


@pytest.fixture
def twin(home: Household) -> Person:
    """Jordan, entered a second time and in the same cohort since yesterday."""
    person = Person(
        id=new_id(), key="p-9", kind=PersonKind.PATIENT, name="Jordan Lee", email="j@p.example"
    )
    own = Patient(person=person, state="MA", born=None, clinician_id=home.rivera.id)
    db.session.add_all([person, own])
    db.session.flush()
    first = TODAY - timedelta(days=1)
    db.session.add(Enrolment(patient_id=person.id, cohort_id=home.cohort.id, first=first))
    db.session.flush()
    return person


def join(first: Person, second: Person) -> None:
    join_people(first, second, usual_contact(first, second), **BY)


def told(session: Session) -> set[str]:
    return {recipient.person.key for recipient in consents.audience(session, now=NOW)}


def standing(person: Person) -> list[Kind]:
    rows = select(Grant).where(Grant.person_id == person.id, Grant.revoked_at.is_(None))
    return [grant.purpose for grant in db.session.scalars(rows)]


def test_consent_of_the_record_is_not_carried_over(home: Household, dana: Person) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    home.consent(dana, Kind.FAMILY_THERAPY)
    session = home.appointment(1)
    assert "p-1-mama" in told(session)

    join(home.mother, dana)

    assert (standing(home.mother), standing(dana)) == ([Kind.FAMILY_WORKSHOP], [])
    assert told(session) & {"p-1-mother", "p-1-mama", "p-1-father"} == set()


def test_record_leads_to_the_entry_and_nothing_is_deleted(home: Household, dana: Person) -> None:
    home.consent(dana)

    join(home.mother, dana)

    assert person_by_key("p-1-mama").joined_into_id == home.mother.id
    assert len(list(db.session.scalars(select(Grant)))) == 1


def test_record_gets_no_consent_any_more(home: Household, dana: Person) -> None:
    join(home.mother, dana)

    with pytest.raises(InputError, match="p-1-mama is a record of before"):
        home.consent(dana)


def test_what_was_withdrawn_of_one_is_not_known_by_the_other(home: Household, dana: Person) -> None:
    home.consent(home.mother)
    home.consent(dana)
    consents.revoke(person=dana, patient=home.jordan, **LATER)

    (reason,) = why_not(home.mother, dana)

    assert "was withdrawn" in reason.words
    with pytest.raises(Conflict):
        join(home.mother, dana)


def test_who_was_kept_out_under_one_key_is_kept_out_under_the_other(
    home: Household, dana: Person
) -> None:
    home.consent()
    session = home.appointment(1)
    kind = BarrierKind.NEVER_INVITE
    consents.add_barrier(patient=home.jordan, person=dana, kind=kind, **BY)

    join(home.mother, dana)

    assert told(session) & {"p-1-mother", "p-1-father"} == set()


def test_who_was_found_not_ready_is_not_made_ready(home: Household, dana: Person) -> None:
    decide_readiness(dana, ready=False, reason="not yet", **BY)

    (reason,) = why_not(home.mother, dana)

    assert "not ready" in reason.words


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ("p-2-aunt", "relatives of different patients"),
        ("p-1", "One is a patient and the other a relative"),
        ("rivera", "Colleagues are not joined"),
        ("p-1-mother", "one and the same entry"),
    ],
)
def test_who_is_not_the_same_is_not_joined(home: Household, second: str, why: str) -> None:
    (reason,) = why_not(home.mother, person_by_key(second))

    assert why in reason.words


def test_stay_of_the_record_ends_and_its_past_stays(home: Household, twin: Person) -> None:
    yesterday = TODAY - timedelta(days=1)

    join(home.jordan, twin)

    assert [(stay.first, stay.last) for stay in stays_now(twin)] == [(yesterday, yesterday)]


def test_relative_with_a_consent_hinders_a_join_of_patients(home: Household, twin: Person) -> None:
    mama = relative("p-9-mama", twin, "Dana Lee")
    consents.give(
        person=mama,
        patient=twin,
        purposes=(Kind.FAMILY_THERAPY,),
        signed=TODAY,
        expires=TODAY + timedelta(days=90),
        **BY,
    )

    (reason,) = why_not(home.jordan, twin)

    assert "A join carries no consent" in reason.words


def test_relative_never_granted_anything_comes_over_unready(home: Household, twin: Person) -> None:
    uncle = relative("p-9-uncle", twin, "Ed Lee")

    join(home.jordan, twin)

    assert uncle.relative is not None
    assert (uncle.relative.patient_id, uncle.relative.ready) == (home.jordan.id, False)


def test_father_kept_out_of_the_record_is_kept_out_where_he_comes(
    home: Household, twin: Person
) -> None:
    uncle = relative("p-9-uncle", twin, "Ed Lee")
    consents.add_barrier(patient=twin, person=uncle, kind=BarrierKind.NEVER_INVITE, **BY)

    join(home.jordan, twin)

    barred = [barrier.person_id for barrier in consents.barriers_of(home.jordan.id)]
    assert barred == [uncle.id]


def test_whole_family_kept_out_of_the_record_is_kept_out_of_the_entry(
    home: Household, twin: Person
) -> None:
    consents.add_barrier(patient=twin, person=None, kind=BarrierKind.DO_NOT_CONTACT, **BY)

    join(home.jordan, twin)

    assert [barrier.person_id for barrier in consents.barriers_of(home.jordan.id)] == [None]


def test_other_rows_of_the_same_human_are_the_entry_s(home: Household, dana: Person) -> None:
    home.aunt.body_id = dana.id
    dana.body_id = dana.id
    db.session.flush()

    join(home.mother, dana)

    assert home.aunt.body_id == home.mother.body_id == home.mother.id
    assert dana.body_id is None


def test_nobody_becomes_a_relative_of_their_own(home: Household, dana: Person) -> None:
    home.tess.body_id = home.aunt.body_id = home.tess.id
    db.session.flush()
    other = relative("p-2-aunt2", home.tess, "Lou Upward")

    assert [each.words for each in why_not(other, home.aunt)] == [
        "They would be a relative of their own."
    ]


def changes_by(file: bytes) -> tuple[int, list[str]]:
    changes = load(read(file), by="command", now=NOW)
    return len(changes), [str(line) for line in changes.kept]


def test_load_of_the_export_changes_nothing(home: Household, dana: Person, twin: Person) -> None:
    home.consent()
    join(home.mother, dana)
    join(home.jordan, twin)

    assert changes_by(dump(export()).encode()) == (0, [])


def test_file_of_before_does_not_take_them_apart(
    home: Household, dana: Person, twin: Person
) -> None:
    file = dump(export()).encode()
    join(home.mother, dana)
    join(home.jordan, twin)

    changed, kept = changes_by(file)

    assert (changed, kept) == (
        0,
        [
            "relative p-1-mama: joined with p-1-mother, and stays so",
            "patient p-9: joined with p-1, and stays so",
        ],
    )
