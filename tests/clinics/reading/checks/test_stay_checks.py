"""Several stays of one patient, what one patient alone has, and phases: read, or refused by their
place.
"""

import json
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from scheduler.clinics import clinic_schema, read
from scheduler.clinics.reading.yaml_tree import read_tree
from scheduler.clinics.values import Stay
from scheduler.programs import Appointment, AttendanceRule, Authorisation, Kind, Phase
from tests.clinics.small_pines import changed, problems

TESS = "email: tess@patient.example\n"
RULES = "group_cap: 10"
GROUPS = "    groups:"


def with_patient(*lines: str) -> bytes:
    return changed(TESS, TESS + "".join(f"    {line}\n" for line in lines))


def with_program(*lines: str) -> bytes:
    return changed(GROUPS, "".join(f"    {line}\n" for line in lines) + GROUPS)


def test_stays_are_read_beside_the_current_one() -> None:
    data = with_patient("to: 2027-03-10", "stays: [{cohort: march, from: 2027-03-20}]")

    patient = read(data).patients[1]

    assert patient.every_stay == (
        Stay("march", date(2027, 3, 1), date(2027, 3, 10)),
        Stay("march", date(2027, 3, 20), None),
    )


def test_what_one_patient_alone_has_is_read() -> None:
    patient = read(
        with_patient(
            "without: [one]",
            "appointments: [{key: plan, kind: individual, minutes: 30, in_weeks: [2]}]",
            "authorisations: [{from: 2027-03-01, to: 2027-03-31, units: 12}]",
        )
    ).patients[1]

    assert patient.without == ("one",)
    assert patient.appointments == (Appointment("plan", Kind.INDIVIDUAL, 30, in_weeks=(2,)),)
    assert patient.authorisations == (Authorisation(date(2027, 3, 1), date(2027, 3, 31), 12),)


def test_phases_capacity_and_attendance_are_read() -> None:
    data = with_program(
        "phases: [{name: Step-down, weeks: [3, 4], week_hours: [3, 9]}]",
        "capacity: 8",
        "waitlist: true",
    )
    rule = f"{RULES}, attendance: {{excused_hours_before: 48, missed_max: 6}}"
    program = read(data.replace(RULES.encode(), rule.encode())).programs[0]

    assert program.template.phases == (Phase("Step-down", 3, 4, 3, 9),)
    assert program.template.rules.attendance == AttendanceRule(48, 6)
    assert (program.capacity, program.waitlist) == (8, True)


BAD = {
    "overlapping stays": (
        with_patient("stays: [{cohort: march, from: 2027-03-20}]"),
        "patients[1].stays[0].from: begins on 2027-03-20, before the stay at patients[1] is over "
        "on 2027-03-28",
    ),
    "stay after the cohort": (
        with_patient("to: 2027-03-10", "stays: [{cohort: march, from: 2027-04-20}]"),
        "patients[1].stays[0].from: the cohort ends on 2027-03-28 already",
    ),
    "stay before the cohort": (
        with_patient("stays: [{cohort: march, from: 2027-01-02, to: 2027-01-09}]"),
        "patients[1].stays[0].to: the cohort starts on 2027-03-01 only",
    ),
    "own key is the program's": (
        with_patient("appointments: [{key: one, kind: individual, minutes: 30, in_weeks: [2]}]"),
        "patients[1].appointments[0].key: 'one' is the key of an appointment of the program",
    ),
    "own week beyond the program": (
        with_patient(
            "appointments: [{key: x, kind: individual, minutes: 30, every_weeks: 1, weeks: [2, 5]}]"
        ),
        "patients[1].appointments[0].weeks: the program has only 4 weeks",
    ),
    "without what there is not": (
        with_patient("without: [one, med]"),
        "patients[1].without[1]: the program has no appointment with the key 'med'",
    ),
    "phases overlap": (
        with_program(
            "phases: [{name: A, weeks: [1, 2], week_hours: [9, 19]},"
            " {name: B, weeks: [2, 4], week_hours: [3, 9]}]"
        ),
        "programs[0].phases[1].weeks: week 2 lies in programs[0].phases[0] already",
    ),
    "phase beyond the program": (
        with_program("phases: [{name: A, weeks: [3, 5], week_hours: [9, 19]}]"),
        "programs[0].phases[0].weeks: the program has only 4 weeks",
    ),
}
REFUSED_BY_THE_SCHEMA = {
    "stay in no cohort": (
        with_patient("to: 2027-03-10", "stays: [{from: 2027-03-20}]"),
        "patients[1].stays[0].cohort: is missing",
    ),
    "without twice": (
        with_patient("without: [one, one]"),
        "patients[1].without[1]: is named twice",
    ),
    "without nothing": (
        with_patient("without: []"),
        "patients[1].without: name at least one",
    ),
    "no units": (
        with_patient("authorisations: [{from: 2027-03-01, to: 2027-03-31}]"),
        "patients[1].authorisations[0].units: is missing",
    ),
    "units below nothing": (
        with_patient("authorisations: [{from: 2027-03-01, to: 2027-03-31, units: -1}]"),
        "patients[1].authorisations[0].units: write a whole number from 0 to 10000",
    ),
    "phase without hours": (
        with_program("phases: [{name: A, weeks: [1, 2]}]"),
        "programs[0].phases[0].week_hours: is missing (an empty list is [])",
    ),
    "room for nobody": (
        with_program("capacity: 0"),
        "programs[0].capacity: write a whole number from 1 to 10000",
    ),
    "waitlist in words": (
        with_program("waitlist: some"),
        "programs[0].waitlist: write true or false",
    ),
    "another attendance": (
        changed(RULES, f"{RULES}, attendance: {{late_max: 3}}"),
        "programs[0].rules.attendance.late_max: no such field here; there are "
        "excused_hours_before, missed_max",
    ),
}


@pytest.mark.parametrize(("data", "problem"), (BAD | REFUSED_BY_THE_SCHEMA).values())
def test_what_does_not_fit_is_named_with_its_place(data: bytes, problem: str) -> None:
    assert problems(data) == [problem]


@pytest.mark.parametrize(
    ("data", "refused"),
    [(data, False) for data, _ in BAD.values()]
    + [(data, True) for data, _ in REFUSED_BY_THE_SCHEMA.values()],
)
def test_schema_refuses_what_it_can_see(data: bytes, refused: bool) -> None:
    tree, _ = read_tree(data)
    document = json.loads(json.dumps(tree, default=str))

    assert Draft202012Validator(clinic_schema()).is_valid(document) is not refused
