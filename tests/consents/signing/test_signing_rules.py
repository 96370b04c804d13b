"""Who may sign: one named test for every row of the table (42 CFR 2.14 and 2.15; M.G.L. c.112,
c.123, c.201D).
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from household import NOW, TODAY, ZONE, Household
from scheduler import consents
from scheduler.consents import RULES, Paper, Rule, Signature, signers_on
from scheduler.consents.model.models import (
    Authority,
    BarrierKind,
    Circumstance,
    Grant,
    Licence,
    Signer,
)
from scheduler.consents.signing.signing_rules import age, parents_needed, who_may_sign
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.programs.models import Program

CHILD, YOUTH, GROWN = date(2017, 6, 1), date(2010, 6, 1), date(1994, 5, 2)
DAY = date(2027, 3, 1)
"""On it the three are 9, 16 and 32."""


def may(licence: Licence, born: date | None, *known: Circumstance) -> set[str]:
    return {each.value for each in who_may_sign(licence, born, DAY, known)}


LAWFUL = (Licence.SUBSTANCE_USE, Licence.MINOR_ALONE, Licence.MENTAL_HEALTH)


@pytest.mark.parametrize("licence", LAWFUL)
def test_adult_with_capacity_signs_alone(licence: Licence) -> None:
    assert may(licence, GROWN) == {"patient"}
    assert may(licence, None) == {"patient"}


@pytest.mark.parametrize("licence", LAWFUL)
def test_adult_adjudicated_incapable_is_signed_for_by_the_guardian(licence: Licence) -> None:
    assert may(licence, GROWN, Circumstance.ADJUDICATED) == {"guardian"}
    assert may(licence, GROWN, Circumstance.ADJUDICATED, Circumstance.INCAPABLE) == {"guardian"}


@pytest.mark.parametrize("licence", LAWFUL)
def test_health_care_proxy_signs_only_once_invoked(licence: Licence) -> None:
    assert may(licence, GROWN, Circumstance.INCAPABLE) == {"proxy"}
    assert may(licence, YOUTH, Circumstance.INCAPABLE) == may(licence, YOUTH)


@pytest.mark.parametrize("licence", LAWFUL)
def test_health_care_proxy_signs_nothing_once_the_patient_objects_unless_a_court_says_so(
    licence: Licence,
) -> None:
    assert may(licence, GROWN, Circumstance.INCAPABLE, Circumstance.OBJECTED) == {"patient"}
    assert may(
        licence, GROWN, Circumstance.INCAPABLE, Circumstance.OBJECTED, Circumstance.ADJUDICATED
    ) == {"guardian"}


def test_nobody_signs_for_a_family_in_the_place_of_an_adult_whom_no_court_found_incapable() -> None:
    assert {word for word in Signer if "director" in word} == set()
    assert [
        one
        for one in RULES
        if one.licence in LAWFUL and one.oldest is None and one.circumstance is None
    ] == [Rule(each, 18, None, None, frozenset({Signer.PATIENT})) for each in LAWFUL]


def test_minor_signs_alone_where_the_state_lets_a_minor_act_alone() -> None:
    assert may(Licence.MINOR_ALONE, YOUTH) == {"patient"}
    assert may(Licence.MINOR_ALONE, CHILD) == {"patient"}


def test_minor_and_parent_both_sign_where_the_state_wants_a_parent() -> None:
    assert may(Licence.SUBSTANCE_USE, YOUTH) == {"both"}


def test_minor_found_dependent_by_two_physicians_signs_alone_from_twelve() -> None:
    assert may(Licence.SUBSTANCE_USE, YOUTH, Circumstance.DEPENDENCE_FOUND) == {"patient"}
    assert may(Licence.SUBSTANCE_USE, date(2015, 3, 1), Circumstance.DEPENDENCE_FOUND) == {
        "patient"
    }
    assert may(Licence.SUBSTANCE_USE, date(2015, 3, 2), Circumstance.DEPENDENCE_FOUND) == {"both"}


def test_finding_of_two_physicians_counts_for_nothing_in_methadone_maintenance() -> None:
    assert may(
        Licence.SUBSTANCE_USE, YOUTH, Circumstance.DEPENDENCE_FOUND, Circumstance.MAINTENANCE
    ) == {"both"}


def test_parent_signs_for_a_minor_in_mental_health_unless_the_minor_applied_or_is_emancipated() -> (
    None
):
    assert may(Licence.MENTAL_HEALTH, YOUTH) == {"guardian"}
    assert may(Licence.MENTAL_HEALTH, YOUTH, Circumstance.APPLIED_ALONE) == {"patient"}
    assert may(Licence.MENTAL_HEALTH, date(2011, 3, 2), Circumstance.APPLIED_ALONE) == {"guardian"}
    assert may(Licence.MENTAL_HEALTH, date(2011, 3, 2), Circumstance.EMANCIPATED) == {"patient"}
    assert may(Licence.MENTAL_HEALTH, date(2011, 3, 2), Circumstance.MATURE) == {"patient"}


@pytest.mark.parametrize(
    ("word", "signer"), [(Licence.MENTAL_HEALTH, "guardian"), (Licence.SUBSTANCE_USE, "both")]
)
def test_one_parent_with_legal_custody_is_enough_and_two_who_share_it_both_sign(
    word: Licence, signer: str
) -> None:
    shared, state = Circumstance.SHARED_CUSTODY, Circumstance.STATE_CUSTODY
    needed = [parents_needed(word, YOUTH, DAY, known) for known in ((), (shared,), (state, shared))]

    assert needed == [1, 2, 1]
    assert [may(word, YOUTH, *known) for known in ((), (shared,), (state,))] == [{signer}] * 3


def test_custody_says_nothing_where_the_minor_signs_alone_or_is_grown() -> None:
    shared = Circumstance.SHARED_CUSTODY

    assert may(Licence.SUBSTANCE_USE, YOUTH, shared, Circumstance.DEPENDENCE_FOUND) == {"patient"}
    assert may(Licence.MENTAL_HEALTH, YOUTH, shared, Circumstance.EMANCIPATED) == {"patient"}
    assert (
        may(Licence.MENTAL_HEALTH, GROWN, shared),
        parents_needed(Licence.MENTAL_HEALTH, GROWN, DAY, [shared]),
    ) == (
        {"patient"},
        1,
    )


def test_program_that_has_not_said_its_licence_takes_the_paper_at_its_word() -> None:
    assert may(Licence.UNSAID, YOUTH) == {"patient", "guardian", "proxy", "both"}
    assert may(Licence.UNSAID, GROWN) == {"patient", "proxy"}
    assert may(Licence.UNSAID, None) == {"patient", "guardian", "proxy", "both"}


@pytest.mark.parametrize(
    ("day", "years"), [(date(2026, 2, 27), 17), (date(2026, 2, 28), 18), (date(2026, 3, 1), 18)]
)
def test_age_of_a_leap_day_child_is_never_late(day: date, years: int) -> None:
    assert age(date(2008, 2, 29), day) == years


def licence(home: Household, word: Licence) -> None:
    program = db.session.query(Program).one()
    consents.set_licence(program, word, by="sam", now=NOW)


def authority(home: Household, capacity: Signer = Signer.GUARDIAN, **said: object) -> Authority:
    usual: dict[str, object] = {
        "first": TODAY - timedelta(days=30),
        "last": None,
        "evidence": "docket 12 of 2026",
    }
    return consents.record_authority(
        patient=home.jordan,
        capacity=capacity,
        by="sam",
        now=NOW,
        **({"name": "Pat Grey"} | usual | said),  # type: ignore[arg-type]
    )


def find(
    home: Household,
    circumstance: Circumstance,
    *,
    first: date = TODAY,
    evidence: str = "docket 4 of 2026",
) -> int:
    return consents.record_finding(
        patient=home.jordan,
        circumstance=circumstance,
        first=first,
        evidence=evidence,
        by="sam",
        now=NOW,
    )


def minor(home: Household) -> None:
    assert home.jordan.patient is not None
    home.jordan.patient.born = TODAY.replace(year=TODAY.year - 15, day=1)


def test_guardian_of_a_minor_needs_a_recorded_authority_once_the_licence_is_said(
    home: Household,
) -> None:
    minor(home)
    licence(home, Licence.MENTAL_HEALTH)

    with pytest.raises(InputError, match="authority first"):
        home.consent(signed_by=Signer.GUARDIAN)
    (grant,) = home.consent(
        signed_by=Signer.GUARDIAN, signature=Signature(authority=authority(home))
    )
    assert grant.paper is not None
    assert (grant.paper.signer_name, grant.paper.capacity) == ("Pat Grey", Signer.GUARDIAN)


def test_patient_alone_is_refused_where_both_must_sign(home: Household) -> None:
    minor(home)
    licence(home, Licence.SUBSTANCE_USE)

    with pytest.raises(InputError, match="only both"):
        home.consent()
    assert db.session.query(Grant).count() == 0


def test_finding_opens_only_from_its_first_day_until_its_last(home: Household) -> None:
    minor(home)
    licence(home, Licence.SUBSTANCE_USE)
    consents.record_finding(
        patient=home.jordan,
        circumstance=Circumstance.DEPENDENCE_FOUND,
        first=TODAY,
        last=TODAY + timedelta(days=9),
        evidence="Dr. Hale; Dr. Moss",
        by="sam",
        now=NOW,
    )

    days = [TODAY + timedelta(days=each) for each in (-1, 0, 9, 10)]
    assert [signers_on(home.jordan, day) == {Signer.PATIENT} for day in days] == [
        False,
        True,
        True,
        False,
    ]


def test_finding_of_dependence_names_two_physicians(home: Household) -> None:
    with pytest.raises(InputError, match="two physicians"):
        find(home, Circumstance.DEPENDENCE_FOUND, evidence="Dr. Hale")
    assert find(home, Circumstance.DEPENDENCE_FOUND, evidence="Dr. Hale; Dr. Moss") == 0


def test_parent_signs_nothing_where_the_minor_acts_alone(home: Household) -> None:
    minor(home)
    licence(home, Licence.MINOR_ALONE)

    with pytest.raises(InputError, match="only patient"):
        home.consent(signed_by=Signer.GUARDIAN, signature=Signature(authority=authority(home)))


def test_parent_of_a_minor_is_told_nothing_before_both_have_signed(home: Household) -> None:
    minor(home)
    licence(home, Licence.SUBSTANCE_USE)
    session = home.appointment(1)

    before = [one.person.key for one in consents.audience(session, now=NOW)]
    home.consent(signed_by=Signer.BOTH, signature=Signature(authority=authority(home)))
    after = [one.person.key for one in consents.audience(session, now=NOW)]

    assert (before, after) == (["p-1", "rivera"], ["p-1", "rivera", "p-1-mother"])


@pytest.fixture
def shared(home: Household) -> Household:
    """A minor in mental health whose parents share legal custody by a court's paper."""
    minor(home)
    licence(home, Licence.MENTAL_HEALTH)
    find(home, Circumstance.SHARED_CUSTODY, first=TODAY - timedelta(days=9))
    return home


def both(home: Household, **second: object) -> Signature:
    return Signature(
        authority=authority(home), second=authority(home, **({"name": "Lee Grey"} | second))
    )  # type: ignore[arg-type]


def test_parents_who_share_custody_both_sign_each_by_an_authority_of_their_own(
    shared: Household,
) -> None:
    one = authority(shared)
    for alone in (Signature(authority=one), Signature(authority=one, second=one)):
        with pytest.raises(InputError, match="both parents"):
            shared.consent(signed_by=Signer.GUARDIAN, signature=alone)
    (grant,) = shared.consent(signed_by=Signer.GUARDIAN, signature=both(shared))

    assert grant.paper is not None
    assert grant.paper.second is not None
    assert (grant.paper.signer_name, grant.paper.second.authority.name) == (
        "Pat Grey and Lee Grey",
        "Lee Grey",
    )


def test_second_parent_is_not_asked_for_where_one_has_custody(home: Household) -> None:
    minor(home)
    licence(home, Licence.MENTAL_HEALTH)

    with pytest.raises(InputError, match="one authority is enough"):
        home.consent(signed_by=Signer.GUARDIAN, signature=both(home))


def test_grant_of_two_parents_ends_with_the_earlier_authority(shared: Household) -> None:
    last = TODAY + timedelta(days=9)
    (grant,) = shared.consent(signed_by=Signer.GUARDIAN, signature=both(shared, last=last))

    assert (
        grant.valid_until
        == consents.span(
            Paper(TODAY, last, None, Signer.GUARDIAN), zone=ZONE, born=None, stay=None
        )[1]
    )


def test_grant_of_two_parents_ends_when_one_loses_their_authority(shared: Household) -> None:
    signature = both(shared)
    (grant,) = shared.consent(signed_by=Signer.GUARDIAN, signature=signature)
    later = NOW + timedelta(hours=1)
    assert signature.second is not None

    assert consents.end_authority(signature.second, by="sam", now=later) == 1
    assert not consents.holds(grant, later)


def test_state_custody_ends_every_parents_authority_and_only_the_departments_counts(
    home: Household,
) -> None:
    minor(home)
    licence(home, Licence.MENTAL_HEALTH)
    (grant,) = home.consent(
        signed_by=Signer.GUARDIAN, signature=Signature(authority=authority(home))
    )

    assert find(home, Circumstance.STATE_CUSTODY) == 1
    assert not consents.holds(grant, NOW)
    on = {"signed": TODAY, "signed_by": Signer.GUARDIAN}
    with pytest.raises(InputError, match="state's custody"):
        home.consent(signature=Signature(authority=authority(home)), **on)
    department = authority(home, name="The department", first=TODAY)
    (grant,) = home.consent(signature=Signature(authority=department), **on)
    assert consents.holds(grant, NOW)


def test_patient_who_objects_ends_the_proxys_authority_and_signs_again(home: Household) -> None:
    licence(home, Licence.MENTAL_HEALTH)
    find(
        home,
        Circumstance.INCAPABLE,
        first=TODAY - timedelta(days=20),
        evidence="Dr. Hale's determination",
    )
    proxy = Signature(authority=authority(home, Signer.PROXY))
    (grant,) = home.consent(signed_by=Signer.PROXY, signature=proxy)

    assert find(home, Circumstance.OBJECTED, evidence="said so to Dr. Moss") == 1
    assert (consents.holds(grant, NOW), signers_on(home.jordan, TODAY)) == (False, {Signer.PATIENT})


@pytest.mark.parametrize("circumstance", [Circumstance.OBJECTED, Circumstance.STATE_CUSTODY])
def test_what_ends_an_authority_is_recorded_on_its_day_and_not_before(
    home: Household, circumstance: Circumstance
) -> None:
    with pytest.raises(InputError, match="takes effect"):
        find(home, circumstance, first=TODAY + timedelta(days=1))


def test_grant_inherits_the_earlier_end_of_its_signers_authority(home: Household) -> None:
    held = authority(home, Signer.PROXY, last=TODAY + timedelta(days=9))
    (grant,) = home.consent(signed_by=Signer.PROXY, signature=Signature(authority=held))
    (plain,) = home.consent(expires=TODAY + timedelta(days=9))

    assert grant.valid_until == plain.valid_until


def test_authority_that_ends_ends_its_grants_at_once(home: Household) -> None:
    held = authority(home, Signer.PROXY)
    (grant,) = home.consent(signed_by=Signer.PROXY, signature=Signature(authority=held))
    (own,) = home.consent()
    later = NOW + timedelta(hours=1)

    assert consents.end_authority(held, by="sam", now=later) == 1
    assert (consents.holds(grant, later), consents.holds(own, later)) == (False, True)
    with pytest.raises(InputError, match="ended already"):
        consents.end_authority(held, by="sam", now=later)


@pytest.mark.parametrize(
    "said",
    [
        {"evidence": "  "},
        {"last": TODAY - timedelta(days=31)},
        {"capacity": Signer.PATIENT},
    ],
)
def test_authority_without_dates_or_evidence_is_refused(
    home: Household, said: dict[str, object]
) -> None:
    with pytest.raises(InputError):
        authority(home, **said)  # type: ignore[arg-type]


def test_signs_that_turn_letters_round_are_dropped_from_a_signers_name(home: Household) -> None:
    held = authority(home, Signer.GUARDIAN, name="Pat\u202e Grey\u200f", evidence="\u2066docket 12")

    assert (held.name, held.evidence) == ("Pat Grey", "docket 12")


def test_authority_of_another_day_or_another_capacity_signs_nothing(home: Household) -> None:
    late = authority(home, Signer.PROXY, first=TODAY)
    other = authority(home, Signer.GUARDIAN)

    for held in (late, other):
        with pytest.raises(InputError, match="authority"):
            home.consent(signed_by=Signer.PROXY, signature=Signature(authority=held))


def test_death_stops_every_invitation_of_the_family(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    consents.add_barrier(
        patient=home.jordan, person=None, kind=BarrierKind.DECEASED, by="sam", now=NOW
    )

    assert [one.person.key for one in consents.audience(session, now=NOW)] == ["p-1", "rivera"]


def test_nobody_signs_for_a_patient_who_has_died(home: Household) -> None:
    consents.add_barrier(
        patient=home.jordan, person=None, kind=BarrierKind.DECEASED, by="sam", now=NOW
    )

    assert signers_on(home.jordan, TODAY) == frozenset()
    for signer, signature in (
        (Signer.PATIENT, Signature()),
        (Signer.GUARDIAN, Signature(authority=authority(home))),
    ):
        with pytest.raises(InputError, match="nobody can sign"):
            home.consent(signed_by=signer, signature=signature)


@pytest.mark.parametrize("kind", [BarrierKind.NEVER_INVITE, BarrierKind.DO_NOT_CONTACT])
def test_never_invite_and_do_not_contact_override_every_grant(
    home: Household, kind: BarrierKind
) -> None:
    home.consent()
    session = home.appointment(1)
    consents.add_barrier(patient=home.jordan, person=home.mother, kind=kind, by="sam", now=NOW)

    assert [one.person.key for one in consents.audience(session, now=NOW)] == ["p-1", "rivera"]
    assert consents.good_grants(home.mother, now=NOW) == []


def test_practice_puts_its_own_rules_in_place_of_the_houses(home: Household) -> None:
    minor(home)
    licence(home, Licence.MENTAL_HEALTH)
    own = Rule(Licence.MENTAL_HEALTH, 14, None, None, frozenset({Signer.PATIENT}))
    consents.set_rules(Licence.MENTAL_HEALTH, [own], by="sam", now=NOW)

    assert signers_on(home.jordan, TODAY) == {Signer.PATIENT}
    consents.set_rules(Licence.MENTAL_HEALTH, [], by="sam", now=NOW)
    assert signers_on(home.jordan, TODAY) == {Signer.GUARDIAN}


@pytest.mark.parametrize(
    "said",
    [{"parents": 3}, {"youngest": -1}, {"youngest": 20, "oldest": 18}, {"signers": frozenset()}],
)
def test_rule_that_says_nothing_sensible_is_refused(home: Household, said: dict[str, Any]) -> None:
    sound = Rule(Licence.MENTAL_HEALTH, 14, None, None, frozenset({Signer.PATIENT}))

    with pytest.raises(InputError):
        consents.set_rules(Licence.MENTAL_HEALTH, [replace(sound, **said)], by="sam", now=NOW)


def test_practices_own_rules_say_how_many_parents_sign(shared: Household) -> None:
    own = Rule(
        Licence.MENTAL_HEALTH, 0, 18, Circumstance.SHARED_CUSTODY, frozenset({Signer.GUARDIAN}), 1
    )
    consents.set_rules(Licence.MENTAL_HEALTH, [own], by="sam", now=NOW)

    assert (
        len(
            shared.consent(
                signed_by=Signer.GUARDIAN, signature=Signature(authority=authority(shared))
            )
        )
        == 1
    )


def test_every_house_rule_names_somebody() -> None:
    assert [one for one in RULES if not one.signers] == []
