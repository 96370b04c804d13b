"""What is due to one patient: the program's appointments, without some, with some of their own, in
all stays together once a block.
"""

from dataclasses import replace
from datetime import date

from scheduler.planning.planner import make_plan
from scheduler.planning.problem.due_appointments import due_appointments
from scheduler.planning.problem.problem import Patient, Relative
from scheduler.programs import Appointment, Kind
from tests.planning.week_grid import JORDAN, MOTHER, ONE, consent, evening

PLAN = Appointment("plan", Kind.INDIVIDUAL, 30, in_weeks=(2, 4))
SECOND = Appointment("talk", Kind.INDIVIDUAL, 50, every_weeks=2, first_week=1, last_week=4)


def due(patient: Patient, *appointments: Appointment) -> list[str]:
    owed, _ = due_appointments(evening(patients=(patient,), appointments=appointments))
    return [each.key for each in owed]


def test_patient_without_an_appointment_is_not_due_it() -> None:
    assert due(replace(JORDAN, without=("one",)), ONE, PLAN) == [
        "evening.plan.jordan.w2",
        "evening.plan.jordan.w4",
    ]


def test_own_appointments_come_after_the_program_s() -> None:
    assert due(replace(JORDAN, appointments=(PLAN,)), SECOND) == [
        "evening.talk.jordan.w1",
        "evening.talk.jordan.w3",
        "evening.plan.jordan.w2",
        "evening.plan.jordan.w4",
    ]


def test_block_that_both_stays_reach_is_due_once() -> None:
    twice = replace(JORDAN, gaps=((date(2027, 3, 6), date(2027, 3, 7)),))
    assert due(twice, SECOND) == ["evening.talk.jordan.w1", "evening.talk.jordan.w3"]


def test_week_between_the_stays_is_due_nothing() -> None:
    twice = replace(JORDAN, gaps=((date(2027, 3, 9), date(2027, 3, 19)),))
    assert due(twice, ONE) == ["evening.one.jordan.w1", "evening.one.jordan.w4"]


def test_days_of_what_is_due_are_days_of_the_stays() -> None:
    twice = replace(JORDAN, gaps=((date(2027, 3, 5), date(2027, 3, 10)),))
    owed, _ = due_appointments(evening(patients=(twice,), appointments=(SECOND,)))
    assert [day.day for day in owed[0].days(evening())] == [1, 2, 3, 4, 11, 12, 13, 14]


def test_case_consult_is_due_only_where_a_professional_may_come() -> None:
    consult = Appointment("consult", Kind.CASE_CONSULT, 30, in_weeks=(2,))
    may = consent(Kind.CASE_CONSULT, date(2027, 2, 20), date(2027, 6, 30))
    doctor = Relative("jordan-doctor", MOTHER.zone, ready=True, consents=(may,))

    nobody = evening(patients=(JORDAN,), appointments=(consult,))
    somebody = evening(
        patients=(replace(JORDAN, relatives=(MOTHER, doctor)),), appointments=(consult,)
    )

    assert [each.key for each in due_appointments(nobody)[1]] == ["evening.consult.jordan.w2"]
    assert [each.key for each in due_appointments(somebody)[0]] == ["evening.consult.jordan.w2"]
    (session,) = make_plan(somebody).placed
    assert session.people == ("rivera", "jordan", "jordan-doctor")
