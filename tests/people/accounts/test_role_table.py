"""The table of roles, said a second time: whoever changes it changes both."""

import pytest

from scheduler.people import TABLE, Deed, Reach, farthest, may, may_after_glass
from scheduler.people.models import Role

SAID = {
    # deed: clinician, coordinator, administrator, auditor
    "see_patient": "own other none none",
    "change_patient": "own other none none",
    "stop_sharing": "own other none none",
    "read_records": "own other none other",
    "find_anybody": "none other none none",
    "see_board": "cohort other none none",
    "see_session": "cohort other none none",
    "change_session": "own other none none",
    "bend_rules": "none other other none",
    "hold_session": "own other none none",
    "read_notes": "cohort none none none",
    "write_notes": "own none none none",
    "see_tasks": "own other none own",
    "plan": "none other none none",
    "letters": "none other none none",
    "release_letters": "none other other none",
    "evenings": "none other other none",
    "settings": "none other other none",
    "house": "none none other none",
    "accounts": "none none other none",
    "record": "none none none other",
    "own_calendar": "own own own own",
    "break_glass": "other none other none",
}


def in_words(table: dict[Role, dict[Deed, Reach]]) -> dict[str, str]:
    """Return a table as it is said above."""
    found = {}
    for deed in Deed:
        reaches = [table[role].get(deed, Reach.NONE).name.lower() for role in Role]
        found[deed.value] = " ".join(reaches)
    return found


def test_table_is_as_it_was_decided() -> None:
    assert in_words(TABLE) == SAID


def test_every_line_that_is_changed_is_told_by_its_name() -> None:
    """Each deed of each role, with each other reach: 276 mutants, and none of them lives."""
    told = []
    for role in Role:
        for deed in Deed:
            for reach in set(Reach) - {farthest([role], deed)}:
                mutant = TABLE | {role: TABLE[role] | {deed: reach}}
                said = in_words(mutant)
                told.append([name for name in SAID if said[name] != SAID[name]] == [deed.value])

    assert told == [True] * (len(Role) * len(Deed) * (len(Reach) - 1))


@pytest.mark.parametrize("deed", list(Deed))
@pytest.mark.parametrize("role", list(Role))
def test_a_deed_is_allowed_as_far_as_the_role_goes_and_no_farther(role: Role, deed: Deed) -> None:
    allowed = [may([role], deed, reach) for reach in Reach]
    far = farthest([role], deed)

    assert allowed == [0 < reach <= far for reach in range(4)]


def test_two_roles_go_as_far_as_the_farther_one() -> None:
    roles = (Role.CLINICIAN, Role.ADMINISTRATOR)

    assert may(roles, Deed.SEE_PATIENT, Reach.OWN)
    assert may(roles, Deed.ACCOUNTS, Reach.OTHER)
    assert not may(roles, Deed.SEE_PATIENT, Reach.COHORT)


def test_nobody_without_a_role_may_do_anything() -> None:
    assert not any(may((), deed, reach) for deed in Deed for reach in Reach)


@pytest.mark.parametrize("role", list(Role))
def test_reason_opens_reading_and_stopping_alone(role: Role) -> None:
    opened = {deed.value for deed in Deed if may_after_glass([role], deed)}

    behind = {"see_patient", "read_records", "stop_sharing"}
    assert opened == (behind if role in {Role.CLINICIAN, Role.ADMINISTRATOR} else set())
