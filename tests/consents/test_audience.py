"""Who may know of a session. A father without consent stands by in all of it."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from cast import statement
from household import MONDAY, NOW, TODAY, Household, evenings, place
from scheduler import consents
from scheduler.consents import Reason
from scheduler.consents.model.models import Ending, Grant
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import new_id
from scheduler.people.models import Person
from scheduler.programs import FAMILY_KINDS, Kind, Seats
from scheduler.programs.models import Enrolment, FurtherStay
from scheduler.sessions.models import Session, Status


def keys(session: Session) -> list[str]:
    return sorted(one.person.key for one in consents.audience(session, now=NOW))


def why(session: Session) -> dict[str, Reason]:
    return {one.person.key: one.reason for one in consents.untold(session, now=NOW)}


def test_appointment_is_for_patient_clinician_and_consented_relative(home: Household) -> None:
    (grant,) = home.consent()
    session = home.appointment(1)

    told = consents.audience(session, now=NOW)

    assert {
        (one.person.key, one.role.value, one.patient_id, one.purpose, one.grant_id) for one in told
    } == {
        ("p-1", "patient", None, None, None),
        ("rivera", "clinician", None, None, None),
        ("p-1-mother", "relative", home.jordan.id, Kind.FAMILY_THERAPY, grant.id),
    }
    assert why(session) == {"p-1-father": Reason.NO_CONSENT}


def test_consent_for_one_kind_opens_no_other(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)

    assert keys(home.appointment(1)) == ["p-1", "rivera"]


def test_consent_must_hold_at_the_end_of_the_session(home: Household) -> None:
    home.consent(expires=MONDAY)

    assert keys(home.appointment(0)) == ["p-1", "p-1-mother", "rivera"]
    assert why(home.appointment(1, week=2))["p-1-mother"] is Reason.ENDS_BEFORE


def test_consent_signed_for_later_is_void_until_then(home: Household) -> None:
    home.consent(signed=TODAY + timedelta(days=2))

    assert why(home.appointment(1))["p-1-mother"] is Reason.NOT_YET


def test_ended_consent_is_said_to_have_ended(home: Household) -> None:
    home.consent(expires=TODAY - timedelta(days=1))

    assert why(home.appointment(1))["p-1-mother"] is Reason.EXPIRED


def test_withdrawn_consent_lets_nobody_in(home: Household) -> None:
    home.consent()
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)
    session = home.appointment(1)

    assert keys(session) == ["p-1", "rivera"]
    assert why(session)["p-1-mother"] is Reason.REVOKED


def test_relative_not_found_ready_is_not_told(home: Household) -> None:
    home.consent()
    assert home.mother.relative is not None
    home.mother.relative.ready = False
    session = home.appointment(1)

    assert why(session)["p-1-mother"] is Reason.NOT_READY


def test_placed_appointment_is_only_for_those_free_in_their_own_zone(home: Household) -> None:
    home.consent()
    home.mother.free = evenings("tue")

    assert keys(home.appointment(1, at="16:00")) == ["p-1", "p-1-mother", "rivera"]
    assert why(home.appointment(1, at="15:30", week=2))["p-1-mother"] is Reason.NOT_FREE
    assert why(home.appointment(2, week=3))["p-1-mother"] is Reason.NOT_FREE


def test_fixed_slot_asks_nobody_whether_they_are_free(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    home.mother.free = ()

    assert keys(home.slot(1)) == ["p-1-mother", "rivera"]


def test_fixed_slot_is_for_relatives_of_patients_enrolled_that_day(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    home.consent(home.aunt, Kind.FAMILY_WORKSHOP)
    stay = db.session.query(Enrolment).filter_by(patient_id=home.tess.id).one()
    stay.last = MONDAY

    assert keys(home.slot(0)) == ["p-1-mother", "p-2-aunt", "rivera"]
    assert keys(home.slot(1)) == ["p-1-mother", "rivera"]


def test_multi_family_group_seats_those_whose_consent_covers_others_and_their_patients(
    home: Household,
) -> None:
    home.consent(home.mother, Kind.MULTI_FAMILY_GROUP, others=True)
    home.consent(home.aunt, Kind.MULTI_FAMILY_GROUP)
    session = home.slot(1, kind=Kind.MULTI_FAMILY_GROUP, seats=Seats.BOTH)

    assert keys(session) == ["p-1", "p-1-mother", "rivera"]
    assert why(session) == {"p-1-father": Reason.NO_CONSENT, "p-2-aunt": Reason.OTHERS}


def test_workshop_for_both_seats_patients_whose_relatives_may_not_come(home: Household) -> None:
    session = home.slot(1, kind=Kind.FAMILY_WORKSHOP, seats=Seats.BOTH)

    assert keys(session) == ["p-1", "p-2", "rivera"]


def test_appointment_is_for_its_patient_whatever_seats_it_names(home: Household) -> None:
    session = home.appointment(1, seats=Seats.FAMILIES)

    assert keys(session) == ["p-1", "rivera"]


def test_appointment_of_the_patient_alone_is_for_no_relative_and_misses_none(
    home: Household,
) -> None:
    home.consent()
    session = home.appointment(1, kind=Kind.INDIVIDUAL)

    assert keys(session) == ["p-1", "rivera"]
    assert why(session) == {}


def test_patient_group_is_for_no_relative_and_misses_none(home: Household) -> None:
    home.consent()
    session = home.slot(1, kind=Kind.GROUP, seats=Seats.PATIENTS)

    assert keys(session) == ["p-1", "p-2", "rivera"]
    assert why(session) == {}


def test_cancelled_session_has_no_audience(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    session.status = Status.CANCELLED

    assert keys(session) == []


def test_longest_of_two_consents_is_the_one_told_under(home: Household) -> None:
    home.consent()
    (longer,) = home.consent(expires=TODAY + timedelta(days=300))
    told = consents.audience(home.appointment(1), now=NOW)

    assert [one.grant_id for one in told if one.grant_id] == [longer.id]


def test_many_sessions_take_no_more_questions_than_one(home: Household) -> None:
    home.consent()
    few, many = (
        [home.appointment(1, week=1)],
        [home.appointment(7 * n + 1, week=n + 2) for n in range(9)],
    )

    assert questions(few) == questions(many)


def questions(sessions: list[Session]) -> int:
    db.session.flush()
    asked: list[str] = []

    def note(*said: object) -> None:
        asked.append(str(said[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    consents.audiences(sessions, now=NOW)
    event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


def agenda(person: Person) -> list[str]:
    return [session.key for session, _ in consents.agenda(person, now=NOW, since=NOW)]


def test_agenda_is_what_each_person_may_know(home: Household) -> None:
    home.consent()
    home.appointment(1)
    home.slot(2)
    home.slot(0, kind=Kind.GROUP, seats=Seats.PATIENTS)

    assert agenda(home.jordan) == [f"march.learn.{MONDAY}", "march.fam.p-1.w1"]
    assert agenda(home.mother) == ["march.fam.p-1.w1"]
    assert agenda(home.father) == []
    assert len(agenda(home.rivera)) == 3


def test_moved_session_is_judged_at_its_new_time(home: Household) -> None:
    home.consent(expires=MONDAY)
    session = home.appointment(0)
    place(session, session.starts_at.replace(tzinfo=None) + timedelta(days=2))

    assert keys(session) == ["p-1", "rivera"]


@pytest.mark.parametrize(
    "said",
    [
        {"expires": TODAY - timedelta(days=9)},
        {"expires": None},
        {"kinds": (Kind.GROUP,)},
        {"whose": "tess"},
    ],
)
def test_nonsense_is_refused(home: Household, said: dict[str, object]) -> None:
    words = {"signed": TODAY, "expires": TODAY, "by": "command", "now": NOW} | said
    kinds = words.pop("kinds", (Kind.FAMILY_THERAPY,))
    patient = home.tess if words.pop("whose", None) else home.jordan

    with pytest.raises(InputError):
        consents.give(person=home.mother, patient=patient, purposes=kinds, **words)  # type: ignore[arg-type]


def test_consent_that_names_no_times_is_said_to_be_the_reason(home: Household) -> None:
    (other,) = home.consent(home.mother, Kind.CAREGIVER_GROUP)
    paper = statement(home.mother, home.jordan, information="participation", signed=other.signed)
    row = {column.key: getattr(other, column.key) for column in Grant.__table__.columns}
    db.session.add(
        Grant(**row | {"id": new_id(), "statement": paper.id, "purpose": Kind.FAMILY_THERAPY})
    )
    db.session.flush()

    assert why(home.appointment(1))["p-1-mother"] is Reason.NO_TIMES


def test_good_grants_leave_out_what_has_not_begun(home: Household) -> None:
    (good,) = home.consent()
    home.consent(home.mother, Kind.FAMILY_WORKSHOP, signed=TODAY + timedelta(days=2))

    assert consents.good_grants(home.mother, now=NOW) == [good]


def test_good_grants_are_a_ready_relatives_own_and_the_longest_first(home: Household) -> None:
    (short,) = home.consent(expires=MONDAY)
    (long,) = home.consent(home.mother, Kind.FAMILY_WORKSHOP)

    assert consents.good_grants(home.mother, now=NOW) == [long, short]
    assert consents.good_grants(home.rivera, now=NOW) == []
    assert home.mother.relative is not None
    home.mother.relative.ready = False
    assert consents.good_grants(home.mother, now=NOW) == []


def stay_again(home: Household, first: int, last: int | None = None) -> FurtherStay:
    """Let Jordan go after the Monday and come again so many days later."""
    current = db.session.scalars(
        select(Enrolment).where(Enrolment.patient_id == home.jordan.id)
    ).one()
    current.last = MONDAY
    again = FurtherStay(
        patient_id=home.jordan.id,
        cohort_id=home.cohort.id,
        first=MONDAY + timedelta(days=first),
        last=None if last is None else MONDAY + timedelta(days=last),
    )
    db.session.add(again)
    db.session.flush()
    return again


def test_second_stay_is_told_as_the_first_and_nothing_between(home: Household) -> None:
    home.consent()
    stay_again(home, 7)
    days = [home.appointment(day, week=day + 1) for day in (0, 3, 7)]

    everybody = ["p-1", "p-1-mother", "rivera"]
    assert [keys(session) for session in days] == [everybody, ["rivera"], everybody]


def test_who_waits_for_a_place_is_told_nothing(home: Household) -> None:
    home.consent()
    stay_again(home, 7).waits = 1
    db.session.flush()

    assert keys(home.appointment(7)) == ["rivera"]


def test_consent_until_discharge_ends_with_the_stay_it_was_signed_in(home: Household) -> None:
    stay_again(home, 7)
    home.consent(expires_on=Ending.DISCHARGE)

    assert keys(home.appointment(0)) == ["p-1", "p-1-mother", "rivera"]
    assert keys(home.appointment(7, week=2)) == ["p-1", "rivera"]


def test_consent_until_discharge_signed_in_an_earlier_stay_is_over(home: Household) -> None:
    current = db.session.scalars(
        select(Enrolment).where(Enrolment.patient_id == home.jordan.id)
    ).one()
    current.first = MONDAY
    before = FurtherStay(
        patient_id=home.jordan.id,
        cohort_id=home.cohort.id,
        first=TODAY - timedelta(days=5),
        last=TODAY - timedelta(days=2),
    )
    db.session.add(before)
    db.session.flush()
    (grant,) = home.consent(expires_on=Ending.DISCHARGE)

    assert keys(home.appointment(0)) == ["p-1", "rivera"]
    assert grant.valid_until < NOW


def test_professional_comes_to_a_case_consult_under_its_own_purpose_only(home: Household) -> None:
    home.consent(home.father, *(kind for kind in FAMILY_KINDS if kind is not Kind.CASE_CONSULT))
    home.consent(home.mother, Kind.CASE_CONSULT)

    consult = home.appointment(1, kind=Kind.CASE_CONSULT, slot="consult.p-1")
    family = home.appointment(2)

    assert keys(consult) == ["p-1", "p-1-mother", "rivera"]
    assert why(consult) == {"p-1-father": Reason.NO_CONSENT}
    assert "p-1-mother" not in keys(family)


@pytest.mark.parametrize("kind", [Kind.TREATMENT_PLAN_REVIEW, Kind.AFTERCARE])
def test_review_and_aftercare_are_the_patient_s_alone(home: Household, kind: Kind) -> None:
    home.consent(home.mother, *FAMILY_KINDS)

    session = home.appointment(1, kind=kind, seats=Seats.PATIENTS, slot="own.p-1")

    assert keys(session) == ["p-1", "rivera"]
