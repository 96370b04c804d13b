"""An entry of a subscribed calendar leads to the page behind sign-in, with no secret in it."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.feeds.render import Known, render

START = datetime(2027, 3, 9, 21, tzinfo=UTC)
PAGE = "https://hl-sched.example/date/0f"


def lines(link: str, language: str = "en") -> list[str]:
    known = Known(
        uid="a@hl-sched.example",
        series=False,
        title="Appointment",
        zone="America/New_York",
        starts_at=START,
        ends_at=START + timedelta(hours=1),
        version=0,
        changed_at=START,
        link=link,
    )
    body = render([known], language=language, now=START).body.decode()
    named = ("URL", "LOCATION", "CONFERENCE", "DESCRIPTION")
    return [line for line in body.replace("\r\n ", "").splitlines() if line.startswith(named)]


@pytest.mark.parametrize(("language", "place"), [("en", "Online"), ("es", "En línea")])
def test_entry_leads_to_the_page_and_names_no_room(language: str, place: str) -> None:
    said = lines(PAGE, language)

    assert f"URL:{PAGE}" in said
    assert f"LOCATION:{place}" in said


def test_entry_without_a_page_says_nothing_of_it() -> None:
    assert lines("") == []
