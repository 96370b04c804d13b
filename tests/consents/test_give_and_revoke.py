"""Papers recorded, derived again, and withdrawn for good."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from household import MONDAY, NOW, Household
from scheduler import consents
from scheduler.audit.models import AuditEntry
from scheduler.consents.model.models import Ending, Grant
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.programs import Kind
from scheduler.programs.models import Enrolment


def test_one_paper_is_one_grant_a_purpose(home: Household) -> None:
    grants = home.consent(home.mother, Kind.FAMILY_THERAPY, Kind.CAREGIVER_GROUP)

    assert sorted(each.purpose for each in grants) == [Kind.CAREGIVER_GROUP, Kind.FAMILY_THERAPY]
    assert len({each.statement for each in grants}) == 1


def test_same_paper_again_adds_nothing(home: Household) -> None:
    home.consent()

    assert home.consent() == []
    assert db.session.query(Grant).count() == 1


def test_new_discharge_date_moves_the_end_of_what_ends_with_it(home: Household) -> None:
    (grant,) = home.consent(expires_on=Ending.DISCHARGE)
    db.session.query(Enrolment).filter_by(patient_id=home.jordan.id).one().last = MONDAY
    before = grant.valid_until

    assert consents.recompute_validity(by="command", now=NOW) == 1
    assert grant.valid_until < before
    assert consents.recompute_validity(by="command", now=NOW) == 0


def test_revoking_some_purposes_leaves_the_others(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_THERAPY, Kind.CAREGIVER_GROUP)

    consents.revoke(
        person=home.mother,
        patient=home.jordan,
        purposes=[Kind.CAREGIVER_GROUP],
        by="command",
        now=NOW,
    )

    standing = consents.standing_grants(home.mother, home.jordan)
    assert [each.purpose for each in standing] == [Kind.FAMILY_THERAPY]


def test_revoking_what_is_not_there_is_refused(home: Household) -> None:
    with pytest.raises(InputError):
        consents.revoke(person=home.father, patient=home.jordan, by="command", now=NOW)


def test_nothing_is_being_handed_over_of_what_was_never_sent(home: Household) -> None:
    home.consent()
    done = consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)

    assert consents.drained(done.grant_ids)
    assert consents.handed_over(done.grant_ids, NOW - timedelta(days=1)) == ()


def test_what_another_withdraws_at_that_moment_is_no_error(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_THERAPY, Kind.CAREGIVER_GROUP)
    mine = consents.grants_to_withdraw([home.mother], home.jordan)
    db.session.commit()
    with db.engine.begin() as other:
        other.execute(
            update(Grant)
            .where(Grant.purpose == Kind.CAREGIVER_GROUP)
            .values(revoked_at=NOW, revoked_by="jordan")
        )

    done = consents.revoke_grants(mine, by="command", now=NOW)

    assert sorted(done.grant_ids) == sorted(grant.id for grant in mine)
    assert {grant.purpose: grant.revoked_by for grant in mine} == {
        Kind.CAREGIVER_GROUP: "jordan",
        Kind.FAMILY_THERAPY: "command",
    }
    noted = db.session.query(AuditEntry).filter_by(deed="consent.revoked").count()
    assert noted == 1


def test_withdrawal_for_several_names_who_has_no_consent(home: Household) -> None:
    home.consent()

    with pytest.raises(InputError, match=home.father.key):
        consents.grants_to_withdraw([home.mother, home.father], home.jordan)
