"""Purpose by purpose: what it opens, what may be said, and what nothing carries."""

from scheduler.consents import PURPOSES, Information, carries
from scheduler.consents.model.purposes import opens, usual_information
from scheduler.programs import FAMILY_KINDS, Kind

TABLE = {
    "family_therapy": "clinician participation times",
    "multi_family_group": "participation times",
    "family_workshop": "times topic",
    "progress_update": "attendance clinician goals participation times",
    "caregiver_group": "times",
    "discharge_planning": "aftercare participation times",
    "case_consult": "clinician participation times",
}


def test_table_is_as_written() -> None:
    assert {str(key): " ".join(sorted(row.carries)) for key, row in PURPOSES.items()} == TABLE


def test_each_purpose_opens_its_own_kind_of_session_and_no_other() -> None:
    opened = {(purpose, kind) for purpose in Kind for kind in Kind if opens(purpose, kind)}

    assert opened == {(each, each) for each in FAMILY_KINDS}


def test_only_a_multi_family_group_is_among_others() -> None:
    assert [key for key, row in PURPOSES.items() if row.among_others] == [Kind.MULTI_FAMILY_GROUP]


def test_only_what_purpose_and_paper_both_name_may_be_said() -> None:
    assert carries(Kind.FAMILY_THERAPY, {Information.TIMES, Information.GOALS}) == {
        Information.TIMES
    }
    assert carries(Kind.CAREGIVER_GROUP, frozenset(Information)) == {Information.TIMES}
    assert carries(Kind.GROUP, frozenset(Information)) == frozenset()


def test_paper_that_says_no_less_names_what_its_purposes_carry() -> None:
    assert usual_information([Kind.CAREGIVER_GROUP, Kind.FAMILY_WORKSHOP]) == {
        Information.TIMES,
        Information.TOPIC,
    }
