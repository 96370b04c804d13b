from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from icalendar import Timezone

from scheduler.ical import expressible, steady, to_utc, vtimezone
from scheduler.ical.zones import observances

FIRST, LAST = date(2026, 1, 1), date(2035, 12, 31)
ZONES = sorted(available_timezones() - {"Factory", "localtime"})


def test_vtimezone_of_new_york() -> None:
    assert vtimezone("America/New_York").decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:America/New_York",
        "BEGIN:STANDARD",
        "DTSTART:19701101T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
        "TZOFFSETFROM:-0400",
        "TZOFFSETTO:-0500",
        "TZNAME:EST",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700308T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
        "TZOFFSETFROM:-0500",
        "TZOFFSETTO:-0400",
        "TZNAME:EDT",
        "END:DAYLIGHT",
        "END:VTIMEZONE",
        "",
    ]


def test_vtimezone_without_daylight_saving_has_one_side_without_a_rule() -> None:
    assert vtimezone("Asia/Kolkata").decode().split("\r\n")[2:-2] == [
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0530",
        "TZOFFSETTO:+0530",
        "TZNAME:IST",
        "END:STANDARD",
    ]


def test_vtimezone_of_dublin_calls_the_larger_offset_daylight() -> None:
    """The zone's own data calls Irish winter the exception; Outlook wants it the other way
    round.
    """
    assert [(side.kind, side.name, side.month) for side in observances("Europe/Dublin")] == [
        ("STANDARD", "GMT", 10),
        ("DAYLIGHT", "IST", 3),
    ]


def test_vtimezone_where_no_yearly_rule_fits_is_refused() -> None:
    with pytest.raises(ValueError, match="Asia/Jerusalem has no yearly rule"):
        vtimezone("Asia/Jerusalem")


def test_vtimezone_of_a_path_is_no_zone() -> None:
    with pytest.raises((ValueError, ZoneInfoNotFoundError)):
        vtimezone("../../etc/passwd")


@pytest.mark.parametrize(
    "zone", ["America/New_York", "America/Phoenix", "Europe/London", "Asia/Kolkata"]
)
def test_expressible_is_a_zone_with_the_same_rule_every_year(zone: str) -> None:
    assert expressible(zone, FIRST, LAST)


@pytest.mark.parametrize("zone", ["Africa/Cairo", "America/Santiago", "Asia/Jerusalem"])
def test_expressible_is_no_zone_whose_changes_fall_outside_the_day(zone: str) -> None:
    assert not expressible(zone, FIRST, LAST)


def test_expressible_counts_only_the_months_asked_for() -> None:
    """Caracas went from -04:30 to -04 on 2016-05-01: its rule of today is right from that month's
    end on.
    """
    assert expressible("America/Caracas", date(2016, 6, 1), date(2016, 12, 31))
    assert not expressible("America/Caracas", date(2016, 3, 1), date(2016, 12, 31))


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2026, 1, 2), datetime(2035, 12, 30), timezones=st.just(UTC)),
)
@settings(max_examples=200, deadline=None)
def test_vtimezone_tells_the_same_as_the_zone_wherever_expressible(zone: str, at: datetime) -> None:
    """Whatever the installed zone data are, a month called expressible is read from VTIMEZONE as
    zoneinfo has it.
    """
    assume(expressible(zone, at.date(), at.date()))
    told = Timezone.from_ical(vtimezone(zone)).to_tz(lookup_tzid=False)

    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assume(steady(wall, 1, zone))

    assert wall.replace(tzinfo=told).utcoffset() == at.astimezone(ZoneInfo(zone)).utcoffset()


def test_vtimezone_of_every_zone_has_one_standard_and_no_rdate() -> None:
    written = [vtimezone(zone) for zone in ZONES if observances(zone)]

    assert len(written) > 500
    assert {text.count(b"BEGIN:STANDARD") for text in written} == {1}
    assert {text.count(b"BEGIN:DAYLIGHT") for text in written} == {0, 1}
    assert not any(b"RDATE" in text or b"COMMENT" in text for text in written)


def test_to_utc_before_and_after_the_change_of_clocks() -> None:
    starts = [datetime(2027, 3, 12, 18), datetime(2027, 3, 15, 18)]

    assert [f"{to_utc(at, 'America/New_York'):%d %H:%MZ}" for at in starts] == [
        "12 23:00Z",
        "15 22:00Z",
    ]


@pytest.mark.parametrize(
    ("at", "minutes", "is_steady"),
    [
        (datetime(2027, 3, 14, 2, 30), 30, False),
        (datetime(2027, 11, 7, 1, 30), 20, False),
        (datetime(2027, 3, 14, 1, 30), 60, False),
        (datetime(2027, 3, 14, 18, 0), 90, True),
        (datetime(2027, 3, 14, 0, 30), 60, True),
    ],
)
def test_steady_around_skipped_and_doubled_hours(
    at: datetime, minutes: int, is_steady: bool
) -> None:
    assert steady(at, minutes, "America/New_York") is is_steady
