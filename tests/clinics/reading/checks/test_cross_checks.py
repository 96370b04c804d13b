import pytest

from tests.clinics.small_pines import SMALL_PINES, changed, places, problems

LEARN = (
    '{key: learn, kind: caregiver_group, title: Relatives, days: [tue], at: "19:00", '
    "minutes: 60, weeks: [1, 4]}"
)

DAYS = "[mon, tue, wed, thu, fri, sat, sun]"


def with_second_slot(line: str) -> bytes:
    return changed(LEARN, f"{LEARN}\n      - {line}")


def with_second_cohort(starts: str, leads: str) -> bytes:
    line = f"  - {{key: second, program: evening, starts: {starts}, leads: {leads}}}\npatients:"
    return changed("patients:", line)


@pytest.mark.parametrize(
    ("day", "at", "starts"),
    [
        ("sun", "02:30", "2027-03-01"),
        ("sun", "01:30", "2027-11-01"),
        ("sun", "01:00", "2027-11-01"),
    ],
)
def test_a_slot_in_a_skipped_or_doubled_hour_is_refused(day: str, at: str, starts: str) -> None:
    file = changed('days: [tue], at: "19:00"', f'days: [{day}], at: "{at}"').decode()
    file = file.replace("starts: 2027-03-01", f"starts: {starts}").replace(
        "from: 2027-03-01", f"from: {starts}"
    )
    assert places(file.encode()) == ["programs[0].groups[1].at"]


@pytest.mark.parametrize("at", ["01:30", "03:00"])
def test_a_slot_beside_the_skipped_hour_is_taken(at: str) -> None:
    assert problems(changed('days: [tue], at: "19:00"', f'days: [sun], at: "{at}"')) == []


def test_the_skipped_hour_is_that_of_the_cohorts_zone() -> None:
    file = changed("starts: 2027-03-01,", "starts: 2027-03-01, zone: America/Phoenix,").decode()
    assert problems(changed('days: [tue], at: "19:00"', 'days: [sun], at: "02:30"', file)) == []


@pytest.mark.parametrize(
    "line",
    [
        '{key: two, kind: group, title: Two, days: [wed], at: "19:00", minutes: 30, weeks: [4, 4]}',
        '{key: two, kind: multi_family_group, title: Two, days: [tue], at: "19:30", minutes: 30, '
        "weeks: [1, 4]}",
        '{key: two, kind: psychoeducation, title: Two, days: [mon], at: "17:30", minutes: 31, '
        "weeks: [1, 1]}",
    ],
)
def test_two_slots_seating_the_same_people_at_once_are_refused(line: str) -> None:
    assert places(with_second_slot(line)) == ["programs[0].groups[2]"]


@pytest.mark.parametrize(
    "line",
    [
        '{key: two, kind: group, title: Two, days: [tue], at: "19:00", minutes: 30, weeks: [1, 4]}',
        '{key: two, kind: group, title: Two, days: [mon], at: "19:30", minutes: 30, weeks: [1, 4]}',
        '{key: two, kind: group, title: Two, days: [fri], at: "18:00", minutes: 30, weeks: [1, 4]}',
    ],
)
def test_slots_of_other_people_or_one_after_another_are_taken(line: str) -> None:
    assert problems(with_second_slot(line)) == []


def test_a_slot_past_midnight_on_sunday_reaches_into_the_next_week() -> None:
    late = (
        '{key: two, kind: group, title: Two, days: [sun], at: "23:30", minutes: 90, weeks: [1, 1]}'
    )
    early = (
        '{key: three, kind: group, title: Three, days: [mon], at: "00:30", minutes: 30, '
        "weeks: [2, 2]}"
    )
    assert places(with_second_slot(f"{late}\n      - {early}")) == ["programs[0].groups[3]"]


def test_one_leader_in_two_slots_at_once_is_refused_where_the_second_is_led() -> None:
    assert places(with_second_cohort("2027-03-22", "{process: rivera}")) == [
        "cohorts[1].leads.process"
    ]


def test_one_leader_in_cohorts_one_after_another_is_taken() -> None:
    assert problems(with_second_cohort("2027-03-29", "{process: rivera, learn: moss}")) == []


def test_one_leader_in_two_zones_at_once_is_refused_by_the_instant() -> None:
    file = with_second_cohort("2027-03-22", "{process: rivera}").decode()
    assert problems(changed("key: second,", "key: second, zone: America/Los_Angeles,", file)) == []


def test_a_clinician_without_a_licence_for_the_patients_state_is_refused() -> None:
    assert problems(changed("    state: MA\n    cohort", "    state: RI\n    cohort")) == [
        "patients[1].clinician: rivera has no licence for RI on any day of the stay, from "
        "2027-03-01 on"
    ]


def test_a_licence_that_ends_before_the_stay_is_none() -> None:
    assert places(changed("until: 2028-05-31", "until: 2027-02-28")) == ["patients[0].clinician"]


def test_a_licence_that_ends_within_the_stay_is_one() -> None:
    assert problems(changed("until: 2028-05-31", "until: 2027-03-01")) == []


def test_a_patient_without_a_state_sits_in_the_practices() -> None:
    assert places(changed("{state: MA, until: 2028-05-31}", "{state: NH, until: 2028-05-31}")) == [
        "patients[0].clinician"
    ]


def test_a_clinic_without_patients_is_taken() -> None:
    assert problems((SMALL_PINES.split("patients:")[0] + "patients: []\n").encode()) == []


def test_a_program_with_endless_groups_is_refused_and_never_compared() -> None:
    lines = [f"      - {LEARN.replace('learn', f'g-{number}')}\n" for number in range(600)]
    file = SMALL_PINES.replace("    appointments:\n", "".join(lines) + "    appointments:\n")
    assert problems(file.encode()) == ["programs[0].groups: 602 groups; at most 500 a program"]


def test_endless_cohorts_are_refused_and_never_laid_out() -> None:
    slots = [
        f"      - {LEARN.replace('learn', f'g-{number}').replace('[tue]', DAYS)}\n"
        for number in range(400)
    ]
    cohorts = [
        f"  - {{key: c-{number}, program: evening, starts: 2027-03-01, leads: {{}}}}\n"
        for number in range(50)
    ]
    file = SMALL_PINES.replace("    appointments:\n", "".join(slots) + "    appointments:\n")
    file = file.replace("patients:\n", "".join(cohorts) + "patients:\n")
    assert places(file.encode()) == ["cohorts"]
