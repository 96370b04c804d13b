"""Two sessions swapped from the page of one. The father has no consent: he gets nothing."""

from flask.testing import FlaskClient

from scheduler.kernel.database import db
from scheduler.sessions import session_by_key
from tests.web.desk.disruptions.test_disruption_page import Clicks
from tests.web.desk.test_session_edit import FIRST, SECOND, desk, minutes_pass, waiting
from visitor import send, words

__all__ = ["desk"]
PAGE = f"/desk/sessions/{FIRST}/swap"


def starts() -> list[str]:
    db.session.rollback()
    return [session_by_key(key).starts_local for key in (FIRST, SECOND)]


def test_swap_is_shown_then_done_unless_one_was_changed(desk: FlaskClient) -> None:
    before = starts()
    clicks = Clicks(desk)
    asked = {"other": SECOND}
    shown = desk.get(f"{PAGE}/look", query_string=asked)
    unchanged = starts(), waiting()
    outdated = send(desk, PAGE, asked | {"seen": "7.7"}, page=PAGE)
    done = clicks.go_on(shown)
    minutes_pass()
    minutes_pass()
    told = {address for address, _kind in waiting()}

    assert "Swap these two sessions" in words(shown)
    assert (unchanged, outdated.status_code) == ((before, []), 409)
    assert (done.status_code, starts()) == (303, before[::-1])
    assert told == {"dana@family.example"} or "miguel@family.example" not in told


def test_swap_with_nothing_is_refused(desk: FlaskClient) -> None:
    answer = desk.get(f"{PAGE}/look", query_string={"other": "evening.none"})
    assert (answer.status_code, "Choose a session to swap with." in words(answer)) == (409, True)
