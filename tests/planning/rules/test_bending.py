"""Which rules a person may bend: each has its word; what protects people is never bent."""

import pytest

from scheduler.planning.problem.plan import Finding, Rule
from scheduler.planning.proposals.judge_edit import NewFindings
from scheduler.planning.rules.bending import BENDING, Bend, may_be_bent
from scheduler.planning.rules.judge import THE_PROGRAMS

PROTECT = {Rule.CONSENT, Rule.LICENCE, Rule.PERSON_TWICE, Rule.ROOM_TWICE, Rule.CLOSED}
AVAILABILITY = {
    Rule.CLINICIAN_HOURS,
    Rule.CLINICIAN_AWAY,
    Rule.PATIENT_FREE,
    Rule.SCHOOL_HOURS,
    Rule.RELATIVE_FREE,
}
SPACING_HOURS_AND_CAP = {Rule.BUFFER, Rule.DAY_HOURS_MAX, Rule.WEEK_HOURS_MAX, Rule.GROUP_CAP}


@pytest.mark.parametrize("rule", list(Rule))
def test_every_rule_has_its_word(rule: Rule) -> None:
    assert rule in BENDING
    refusal = NewFindings((Finding(rule, "said"),), ())

    assert refusal.may_be_bent is may_be_bent(rule)
    assert may_be_bent(rule) is (rule in AVAILABILITY | SPACING_HOURS_AND_CAP)


def test_what_protects_people_is_never_bent() -> None:
    assert {BENDING[rule] for rule in PROTECT} == {Bend.NEVER}


def test_one_rule_that_never_bends_refuses_the_whole() -> None:
    broken = (Finding(Rule.BUFFER, "close"), Finding(Rule.CONSENT, "without consent"))
    news = NewFindings(broken, ())

    assert (news.may_be_bent, [finding.rule for finding in news.unbending]) == (
        False,
        [Rule.CONSENT],
    )


def test_the_programs_own_timetable_is_departed_from_freely() -> None:
    assert {rule for rule, bend in BENDING.items() if bend is Bend.FREELY} == THE_PROGRAMS
