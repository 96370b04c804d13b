"""Whom pages and letters say to ask: days, hours and their zone in the reader's words."""

import pytest

from scheduler.people import Help

ZONE = "America/New_York"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Mon to Fri, 9 to 5", "Monday to Friday, 9:00 AM – 5:00 PM, New York time"),
        ("Mon-Thu 8 am - 6:30 p.m.", "Monday to Thursday, 8:00 AM – 6:30 PM, New York time"),
        ("9:00 – 17:00", "9:00 AM – 5:00 PM, New York time"),
        ("1 to 5 pm", "1:00 – 5:00 PM, New York time"),
        ("Monday to Friday", "Monday to Friday, New York time"),
        ("Mon and Wed 9 to 5", "Mon and Wed 9 to 5, New York time"),
        ("Mon to Fri, 9 to 25", "Mon to Fri, 9 to 25, New York time"),
        ("22 to 6", "22 to 6, New York time"),
        ("day and night", "day and night, New York time"),
    ],
)
def test_hours_are_said_with_their_zone(written: str, said: str) -> None:
    assert Help(None, written, None, zone=ZONE).line("en") == said


def test_hours_are_said_in_the_reader_s_language() -> None:
    whom = Help("+16175550199", "Mon to Fri, 9 to 5", "The front desk", zone=ZONE)

    assert [whom.line(language) for language in ("es", "pt-BR")] == [
        "+1 617-555-0199 · De lunes a viernes, 9:00 a. m. – 5:00 p. m., hora de Nueva York"
        " · The front desk",
        "+1 617-555-0199 · De segunda-feira a sexta-feira, 9:00 – 17:00, horário de Nova York"
        " · The front desk",
    ]
