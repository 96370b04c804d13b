"""From when until when a signed paper holds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.consents import Paper, Stay, holds, span
from scheduler.consents.model.models import Ending, Signer
from scheduler.kernel.errors import InputError

ZONE = "America/New_York"
STAY = Stay(last=date(2027, 4, 15), program_end=date(2027, 4, 25))


@dataclass
class Standing:
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None = None


def paper(**said: object) -> Paper:
    usual = {
        "signed": date(2027, 2, 20),
        "expires": date(2027, 6, 30),
        "expires_on": None,
        "signed_by": Signer.PATIENT,
    }
    return Paper(**(usual | said))  # type: ignore[arg-type]


def test_span_is_whole_days_of_the_practice_the_last_included() -> None:
    assert span(paper(), zone=ZONE, born=None, stay=None) == (
        datetime(2027, 2, 20, 5, tzinfo=UTC),
        datetime(2027, 7, 1, 4, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("ending", "until"),
    [
        (Ending.DISCHARGE, datetime(2027, 4, 16, 4, tzinfo=UTC)),
        (Ending.PROGRAM_END, datetime(2027, 4, 26, 4, tzinfo=UTC)),
    ],
)
def test_span_ends_with_the_event_that_was_signed(ending: Ending, until: datetime) -> None:
    signed = paper(expires=None, expires_on=ending)

    assert span(signed, zone=ZONE, born=None, stay=STAY)[1] == until


def test_span_of_an_event_without_enrolment_is_refused() -> None:
    with pytest.raises(InputError):
        span(paper(expires=None, expires_on=Ending.DISCHARGE), zone=ZONE, born=None, stay=None)


@pytest.mark.parametrize(
    ("born", "until"),
    [
        (date(2009, 4, 1), datetime(2027, 4, 1, 4, tzinfo=UTC)),
        (date(2009, 3, 14), datetime(2027, 3, 14, 5, tzinfo=UTC)),
        (date(2012, 1, 1), datetime(2027, 7, 1, 4, tzinfo=UTC)),
    ],
)
def test_guardian_ends_at_the_midnight_of_the_18th_birthday(born: date, until: datetime) -> None:
    assert span(paper(signed_by=Signer.GUARDIAN), zone=ZONE, born=born, stay=None)[1] == until


def test_patient_of_age_needs_no_guardian() -> None:
    assert span(paper(), zone=ZONE, born=date(2009, 4, 1), stay=None)[1] == datetime(
        2027, 7, 1, 4, tzinfo=UTC
    )


def test_leap_day_birthday_is_never_late() -> None:
    signed = paper(signed_by=Signer.GUARDIAN, signed=date(2025, 1, 1))

    assert span(signed, zone=ZONE, born=date(2008, 2, 29), stay=None)[1] == datetime(
        2026, 2, 28, 5, tzinfo=UTC
    )


def test_paper_that_ends_before_it_begins_holds_never() -> None:
    begin, end = span(
        paper(expires=None, expires_on=Ending.DISCHARGE, signed=date(2027, 5, 1)),
        zone=ZONE,
        born=None,
        stay=STAY,
    )

    assert end - begin == timedelta(microseconds=1)


def test_grant_holds_from_its_first_instant_until_before_its_last() -> None:
    begin, end = datetime(2027, 2, 20, 5, tzinfo=UTC), datetime(2027, 7, 1, 4, tzinfo=UTC)
    tick = timedelta(microseconds=1)
    moments = (begin - tick, begin, end - tick, end)

    assert [holds(Standing(begin, end), each) for each in moments] == [False, True, True, False]


def test_revoked_grant_holds_at_no_moment() -> None:
    begin, end = datetime(2027, 2, 20, 5, tzinfo=UTC), datetime(2027, 7, 1, 4, tzinfo=UTC)

    assert not holds(Standing(begin, end, revoked_at=end), begin)
