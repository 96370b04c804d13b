"""Who may sign: one named test for every row of the table (42 CFR 2.14 and 2.15; M.G.L. c.112, c.123, c.201D)."""

from datetime import date, timedelta

import pytest
from flask import Flask

from household import NOW, TODAY, Household, stand_up
from scheduler import consents
from scheduler.consents import RULES, Rule, Signature, entitled
from scheduler.consents.models import Authority, BarrierKind, Circumstance, Grant, Licence, Signer
from scheduler.consents.signers import age, who_may_sign
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.programs.models import Program

CHILD, YOUTH, GROWN = date(2017, 6, 1), date(2010, 6, 1), date(1994, 5, 2)
DAY = date(2027, 3, 1)
"""On it the three are 9, 16 and 32."""


@pytest.fixture
def home(app: Flask) -> Household:
    return stand_up()


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


def test_minor_signs_alone_where_the_state_lets_a_minor_act_alone() -> None:
    assert may(Licence.MINOR_ALONE, YOUTH) == {"patient"}
    assert may(Licence.MINOR_ALONE, CHILD) == {"patient"}


def test_minor_and_parent_both_sign_where_the_state_wants_a_parent() -> None:
    assert may(Licence.SUBSTANCE_USE, YOUTH) == {"both"}


def test_minor_found_dependent_by_two_physicians_signs_alone_from_twelve() -> None:
    assert may(Licence.SUBSTANCE_USE, YOUTH, Circumstance.DEPENDENCE_FOUND) == {"patient"}
    assert may(Licence.SUBSTANCE_USE, date(2015, 3, 1), Circumstance.DEPENDENCE_FOUND) == {"patient"}
    assert may(Licence.SUBSTANCE_USE, date(2015, 3, 2), Circumstance.DEPENDENCE_FOUND) == {"both"}


def test_parent_signs_for_a_minor_in_mental_health_unless_the_minor_applied_or_is_emancipated() -> None:
    assert may(Licence.MENTAL_HEALTH, YOUTH) == {"guardian"}
    assert may(Licence.MENTAL_HEALTH, YOUTH, Circumstance.APPLIED_ALONE) == {"patient"}
    assert may(Licence.MENTAL_HEALTH, date(2011, 3, 2), Circumstance.APPLIED_ALONE) == {"guardian"}
    assert may(Licence.MENTAL_HEALTH, date(2011, 3, 2), Circumstance.EMANCIPATED) == {"patient"}


def test_program_that_has_not_said_its_licence_takes_the_paper_at_its_word() -> None:
    assert may(Licence.UNSAID, YOUTH) == {"patient", "guardian", "proxy", "both"}
    assert may(Licence.UNSAID, GROWN) == {"patient", "proxy"}
    assert may(Licence.UNSAID, None) == {"patient", "guardian", "proxy", "both"}


@pytest.mark.parametrize(("day", "years"), [(date(2026, 2, 27), 17), (date(2026, 2, 28), 18), (date(2026, 3, 1), 18)])
def test_age_of_a_leap_day_child_is_never_late(day: date, years: int) -> None:
    assert age(date(2008, 2, 29), day) == years


def licence(home: Household, word: Licence) -> None:
    program = db.session.query(Program).one()
    consents.set_licence(program, word, by="sam", now=NOW)


def authority(home: Household, capacity: Signer = Signer.GUARDIAN, **said: object) -> Authority:
    usual: dict[str, object] = {"first": TODAY - timedelta(days=30), "last": None, "evidence": "docket 12 of 2026"}
    return consents.record_authority(
        patient=home.jordan, name="Pat Grey", capacity=capacity, by="sam", now=NOW, **(usual | said)  # type: ignore[arg-type]
    )  # fmt: skip


def minor(home: Household) -> None:
    assert home.jordan.patient is not None
    home.jordan.patient.born = TODAY.replace(year=TODAY.year - 15, day=1)


def test_guardian_of_a_minor_needs_a_recorded_authority_once_the_licence_is_said(home: Household) -> None:
    minor(home)
    licence(home, Licence.MENTAL_HEALTH)

    with pytest.raises(InputError, match="authority first"):
        home.consent(signed_by=Signer.GUARDIAN)
    (grant,) = home.consent(signed_by=Signer.GUARDIAN, signature=Signature(authority=authority(home)))
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
        patient=home.jordan, circumstance=Circumstance.DEPENDENCE_FOUND, first=TODAY, last=TODAY + timedelta(days=9),
        evidence="Drs. Hale and Moss", by="sam", now=NOW,
    )  # fmt: skip

    days = [TODAY + timedelta(days=each) for each in (-1, 0, 9, 10)]
    assert [entitled(home.jordan, day) == {Signer.PATIENT} for day in days] == [False, True, True, False]


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
def test_authority_without_dates_or_evidence_is_refused(home: Household, said: dict[str, object]) -> None:
    with pytest.raises(InputError):
        authority(home, **said)  # type: ignore[arg-type]


def test_authority_of_another_day_or_another_capacity_signs_nothing(home: Household) -> None:
    late = authority(home, Signer.PROXY, first=TODAY)
    other = authority(home, Signer.GUARDIAN)

    for held in (late, other):
        with pytest.raises(InputError, match="authority"):
            home.consent(signed_by=Signer.PROXY, signature=Signature(authority=held))


def test_death_stops_every_invitation_of_the_family(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    consents.bar(patient=home.jordan, person=None, kind=BarrierKind.DECEASED, by="sam", now=NOW)

    assert [one.person.key for one in consents.audience(session, now=NOW)] == ["p-1", "rivera"]


def test_practice_puts_its_own_rules_in_place_of_the_houses(home: Household) -> None:
    minor(home)
    licence(home, Licence.MENTAL_HEALTH)
    own = Rule(Licence.MENTAL_HEALTH, 14, None, None, frozenset({Signer.PATIENT}))
    consents.set_rules(Licence.MENTAL_HEALTH, [own], by="sam", now=NOW)

    assert entitled(home.jordan, TODAY) == {Signer.PATIENT}
    consents.set_rules(Licence.MENTAL_HEALTH, [], by="sam", now=NOW)
    assert entitled(home.jordan, TODAY) == {Signer.GUARDIAN}


def test_every_house_rule_names_somebody() -> None:
    assert [one for one in RULES if not one.signers] == []
