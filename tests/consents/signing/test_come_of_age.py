"""The 18th birthday ends what a parent signed, by the clock and on record."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from household import NOW, TODAY, ZONE, Household
from scheduler import consents
from scheduler.consents.model.models import Signer, Statement
from scheduler.kernel.database import db

BIRTHDAY = TODAY + timedelta(days=5)
MIDNIGHT = datetime.combine(BIRTHDAY, datetime.min.time(), ZoneInfo(ZONE)).astimezone(UTC)


@pytest.fixture
def home(home: Household) -> Household:
    assert home.jordan.patient is not None
    home.jordan.patient.born = BIRTHDAY.replace(year=BIRTHDAY.year - 18)
    return home


def suspended() -> int:
    return db.session.query(Statement).filter(Statement.suspended_at.is_not(None)).count()


@pytest.mark.parametrize("signer", [Signer.GUARDIAN, Signer.BOTH])
def test_birthday_suspends_what_a_parent_signed_once(home: Household, signer: Signer) -> None:
    (grant,) = home.consent(signed_by=signer)

    assert consents.holds(grant, MIDNIGHT - timedelta(seconds=1))
    assert not consents.holds(grant, MIDNIGHT)
    moments = [MIDNIGHT + timedelta(seconds=each) for each in (-1, 0, 1)]
    assert [consents.come_of_age(by="worker", now=each) for each in moments] == [0, 1, 0]
    assert suspended() == 1


def test_birthday_leaves_what_the_patient_signed(home: Household) -> None:
    (grant,) = home.consent()

    assert consents.come_of_age(by="worker", now=MIDNIGHT) == 0
    assert consents.holds(grant, MIDNIGHT)


def test_parent_is_told_nothing_from_the_birthday_on_until_the_patient_signs(
    home: Household,
) -> None:
    home.consent(signed_by=Signer.GUARDIAN)
    session = home.appointment(10)
    moment = MIDNIGHT + timedelta(hours=1)
    consents.come_of_age(by="worker", now=moment)

    before = [one.person.key for one in consents.audience(session, now=moment)]
    home.consent(signed=BIRTHDAY, now=moment)
    after = [one.person.key for one in consents.audience(session, now=moment)]

    assert (before, after) == (["p-1", "rivera"], ["p-1", "rivera", "p-1-mother"])


def test_birth_date_put_right_late_ends_what_had_gone_on(home: Household) -> None:
    assert home.jordan.patient is not None
    born, home.jordan.patient.born = home.jordan.patient.born, None
    (grant,) = home.consent(signed_by=Signer.GUARDIAN)
    assert consents.holds(grant, MIDNIGHT)
    home.jordan.patient.born = born
    assert NOW < MIDNIGHT

    assert consents.come_of_age(by="worker", now=MIDNIGHT) == 1
    assert not consents.holds(grant, MIDNIGHT)
