"""What clinicians carry, by week, for whoever plans."""

from flask import Flask

from scheduler.people import person_by_key
from tests.web.day.test_today import BEGUN
from visitor import browser, sign_in, words
from watch import Watch

URL = "/desk/caseload"


def test_caseload_counts_the_weeks_hours_of_whoever_leads(house: Flask, clock: Watch) -> None:
    clock.moment = BEGUN
    client = browser(house)
    sign_in(client, person_by_key("desk"))

    page = words(client.get(URL)).replace("\xa0", " ")

    assert page.count("Ana Rivera") == 1
    assert page.count("2 hours 2 sessions") == 2
    assert "Miguel" not in page
    assert "Dana" not in page


def test_caseload_is_shut_to_a_clinician(house: Flask, clock: Watch) -> None:
    clock.moment = BEGUN
    client = browser(house)
    sign_in(client, person_by_key("rivera"))

    assert client.get(URL).status_code == 403
