"""Times as people say them."""

from datetime import UTC, date, datetime

import pytest

from scheduler.i18n import (
    clock,
    date_range,
    full_date,
    glued,
    hours,
    length,
    short_day,
    unglued,
    zone,
)

BEGIN, END = datetime(2027, 12, 1, 23, tzinfo=UTC), datetime(2027, 12, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "7:00 PM"),
        (None, "7:00 PM"),
        ("en-GB", "19:00"),
        ("es", "7:00 p. m."),
        ("es-US", "7:00 p. m."),
        ("es-ES", "19:00"),
        ("pt-BR", "19:00"),
        ("ar", "7:00 PM"),
        ("es-ZZ", "7:00 p. m."),
    ],
)
def test_clock_is_that_of_the_readers_region(language: str | None, said: str) -> None:
    assert clock(datetime(2027, 3, 9, 19), language) == said


def test_half_of_the_day_is_said_once_where_it_is_one() -> None:
    noon = datetime(2027, 3, 9, 12)

    assert hours(noon, noon.replace(hour=13), "en") == "12:00 – 1:00 PM"
    assert hours(noon.replace(hour=11), noon, "en") == "11:00 AM – 12:00 PM"
    assert hours(noon.replace(hour=11), noon, "es") == "11:00 a. m. – 12:00 p. m."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "New York time"),
        ("es", "hora de Nueva York"),
        ("pt-BR", "horário de Nova York"),
    ],
)
def test_zone_is_named_by_its_city(language: str, said: str) -> None:
    assert zone("America/New_York", language) == said


def test_utc_is_no_city() -> None:
    assert zone("Etc/UTC", "es") == "UTC"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Wed 1 December 2027, 8:00 – 9:00 PM, Sao Paulo time (6:00 – 7:00 PM, New York time)",
        ),
        (
            "es",
            "miércoles 1 de diciembre de 2027, 8:00 – 9:00 p. m., hora de São Paulo "
            "(6:00 – 7:00 p. m., hora de Nueva York)",
        ),
        (
            "pt-BR",
            "quarta-feira, 1 de dezembro de 2027, 20:00 – 21:00, horário de São Paulo "
            "(18:00 – 19:00, horário de Nova York)",
        ),
    ],
)
def test_span_says_own_time_first_and_names_both_zones(language: str, said: str) -> None:
    held, reader = "America/New_York", "America/Sao_Paulo"

    found = date_range(BEGIN, END, held, reader, language, named=True, dated=True)

    assert unglued(found) == said


def test_day_where_it_is_held_is_said_where_it_is_another() -> None:
    said = date_range(
        BEGIN, END, "America/New_York", "Asia/Kolkata", "en", named=False, dated=False
    )

    assert unglued(said) == (
        "Thu 2 December, 4:30 – 5:30 AM, Kolkata time "
        "(Wed 1 December, 6:00 – 7:00 PM, New York time)"
    )


def test_hours_of_a_span_stay_in_one_line() -> None:
    said = date_range(BEGIN, END, "America/New_York", "Asia/Tokyo", "en", named=False, dated=False)

    held, own = glued("6:00 – 7:00 PM"), glued("8:00 – 9:00 AM")
    assert said == f"Thu 2 December, {own}, Tokyo time (Wed 1 December, {held}, New York time)"


def test_days_are_said_with_and_without_a_year() -> None:
    day = date(2027, 3, 9)

    assert [full_date(day, tag) for tag in ("en", "es", "pt-BR")] == [
        "9 March 2027",
        "9 de marzo de 2027",
        "9 de março de 2027",
    ]
    assert [short_day(day, tag) for tag in ("en", "es", "pt-BR")] == [
        "Tue 9 March",
        "mar, 9 mar",
        "ter. 9 de mar.",
    ]


def test_glued_words_are_not_broken() -> None:
    assert glued("6:00 PM") == "6:00\N{NO-BREAK SPACE}PM"


def test_glued_words_are_ordinary_again() -> None:
    assert unglued(glued("6:00 – 7:00 PM")) == "6:00 – 7:00 PM"


@pytest.mark.parametrize(
    ("minutes", "language", "said"),
    [
        (590, "en", "9 hours 50 minutes"),
        (60, "es", "1 hora"),
        (45, "pt-BR", "45 minutos"),
        (0, "en", "0 hours"),
    ],
)
def test_length_is_said_in_hours_and_minutes(minutes: int, language: str, said: str) -> None:
    assert length(minutes, language) == said
