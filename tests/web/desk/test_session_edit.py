"""Staff move, shorten and cancel one session, or all from it on: shown first, judged, and put back
if they wish.
"""

import html
import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler import homes
from scheduler.invitations import PATIENCE, announce
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import person_by_key
from scheduler.programs.models import Closure
from scheduler.sessions import session_by_key
from scheduler.sessions.models import Session
from visitor import browser, send, sign_in, words
from watch import Watch

FIRST, SECOND = "evening.fam.jordan.w1", "evening.fam.jordan.w2"
PAGE = f"/desk/sessions/{FIRST}"
MOVE = {"deed": "move", "day": "2027-03-03", "at": "16:00", "minutes": "60", "onward": ""}


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    """A coordinator; what the mother was told so far has left."""
    leaves()
    client = browser(house)
    sign_in(client, person_by_key("desk"))
    return client


def leaves() -> None:
    """Let the post office have taken everything that waits."""
    db.session.rollback()
    for letter in db.session.scalars(select(Letter).where(Letter.state == LetterState.WAITING)):
        letter.state, letter.sent_at = LetterState.SENT, letter.created_at
    db.session.commit()


def minutes_pass() -> None:
    """Let the worker have waited for more changes in vain."""
    db.session.rollback()
    announce(by="worker", now=clock.now() + PATIENCE, patience=PATIENCE)
    db.session.commit()


def waiting() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Letter).where(Letter.state == LetterState.WAITING))
    return sorted((row.address, row.kind) for row in rows)


def times() -> dict[str, tuple[str, int, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Session).where(Session.series.startswith("evening.fam")))
    return {row.key: (row.starts_local, row.minutes, row.status.value) for row in rows}


EVERYBODY_HEARS = [
    ("dana@family.example", "update"),
    ("jordan@patient.example", "change"),
    ("rivera@hl.example", "change"),
]
AS_IT_WAS = {
    FIRST: ("2027-03-02T17:00", 60, "scheduled"),
    SECOND: ("2027-03-09T17:00", 60, "scheduled"),
}


def does(desk: FlaskClient, said: dict[str, str]) -> TestResponse:
    """Look, and then do what was shown."""
    seen = str(session_by_key(FIRST).version)
    assert send(desk, f"{PAGE}/look", said, page=PAGE).status_code == 200
    return send(desk, PAGE, said | {"seen": seen})


def test_looking_shows_who_will_be_told_and_changes_nothing(desk: FlaskClient) -> None:
    shown = send(desk, f"{PAGE}/look", MOVE, page=PAGE)
    said = words(shown).replace("\xa0", " ")

    assert shown.status_code == 200
    assert "Tue 2 March, 5:00 – 6:00 PM → Wed 3 March, 4:00 – 5:00 PM" in said
    assert "Change this session and tell 3 people" in said
    assert ("Dana Lee dana@family.example : 1 letter" in said, "Miguel" in said) == (True, False)
    assert (times(), waiting()) == (AS_IT_WAS, [])


def test_session_is_moved_and_the_mother_is_told_once(desk: FlaskClient) -> None:
    answer = does(desk, MOVE)

    assert (answer.status_code, answer.location) == (303, PAGE)
    assert times() == AS_IT_WAS | {FIRST: ("2027-03-03T16:00", 60, "scheduled")}
    assert waiting() == []
    minutes_pass()
    assert waiting() == EVERYBODY_HEARS
    assert "Changed: 1 session. 3 letters to 3 people on the way." in words(desk.get(PAGE))


def test_session_is_shortened(desk: FlaskClient) -> None:
    does(desk, MOVE | {"day": "2027-03-02", "at": "17:00", "minutes": "45"})

    assert times()[FIRST] == ("2027-03-02T17:00", 45, "scheduled")


def test_everything_from_here_on_is_moved_by_as_much(desk: FlaskClient) -> None:
    does(desk, MOVE | {"onward": "1"})

    assert times() == {
        FIRST: ("2027-03-03T16:00", 60, "scheduled"),
        SECOND: ("2027-03-10T16:00", 60, "scheduled"),
    }


@pytest.mark.parametrize(
    ("onward", "states"), [("", ["cancelled", "scheduled"]), ("1", ["cancelled", "cancelled"])]
)
def test_session_falls_out_alone_or_with_all_that_follow(
    desk: FlaskClient, onward: str, states: list[str]
) -> None:
    does(desk, {"deed": "cancel", "onward": onward})

    assert [times()[key][2] for key in (FIRST, SECOND)] == states
    minutes_pass()
    assert {address for address, _ in waiting()} == {address for address, _ in EVERYBODY_HEARS}


@pytest.mark.parametrize("said", [MOVE, MOVE | {"onward": "1"}, {"deed": "cancel", "onward": "1"}])
def test_put_back_before_the_letters_left_tells_nobody_anything(
    desk: FlaskClient, said: dict[str, str]
) -> None:
    does(desk, said)

    answer = send(desk, f"{PAGE}/back", page=PAGE)

    assert (answer.status_code, times(), waiting()) == (303, AS_IT_WAS, [])
    assert "Put it back as it was" not in words(desk.get(PAGE))


def test_put_back_after_the_letters_left_is_followed_by_another(desk: FlaskClient) -> None:
    does(desk, MOVE)
    minutes_pass()
    leaves()

    send(desk, f"{PAGE}/back", page=PAGE)

    assert (times(), waiting()) == (AS_IT_WAS, EVERYBODY_HEARS)


def test_put_back_of_what_somebody_changed_again_is_refused(desk: FlaskClient) -> None:
    does(desk, MOVE)
    db.session.rollback()
    session_by_key(FIRST).version += 1
    db.session.commit()

    assert send(desk, f"{PAGE}/back", page=PAGE).status_code == 409
    assert times()[FIRST][0] == "2027-03-03T16:00"


def test_only_who_changed_it_is_offered_to_undo_all_of_it(desk: FlaskClient, house: Flask) -> None:
    does(desk, MOVE)
    other = browser(house)
    sign_in(other, person_by_key("rivera"))

    assert "You changed this a moment ago" not in words(other.get(PAGE))
    assert send(other, f"{PAGE}/back", page=PAGE).status_code == 409


def test_anybody_puts_a_moved_session_back_where_it_was(desk: FlaskClient, house: Flask) -> None:
    does(desk, MOVE)
    other = browser(house)
    sign_in(other, person_by_key("rivera"))

    assert "moved from Tue 2 March, 5:00 PM" in words(other.get(PAGE)).replace("\xa0", " ")
    does(other, {"deed": "back"})
    assert times() == AS_IT_WAS


def test_anybody_puts_a_cancelled_session_back(desk: FlaskClient, house: Flask) -> None:
    does(desk, {"deed": "cancel"})
    other = browser(house)
    sign_in(other, person_by_key("rivera"))

    assert "It stays cancelled in every later plan" in words(other.get(PAGE))
    does(other, {"deed": "back", "day": "2027-03-02", "at": "17:00"})
    assert times() == AS_IT_WAS


def test_a_cancelled_session_is_put_back_at_a_place_that_was_offered(desk: FlaskClient) -> None:
    does(desk, {"deed": "cancel"})
    page = desk.get(f"{PAGE}?day=2027-03-04&at=18:15").text
    does(desk, {"deed": "back", "day": "2027-03-04", "at": "18:15"})

    assert ('value="2027-03-04"' in page, 'value="18:15"' in page) == (True, True)
    assert times()[FIRST] == ("2027-03-04T18:15", 60, "scheduled")


def test_a_cancelled_session_stays_struck_on_grid_list_and_print(desk: FlaskClient) -> None:
    does(desk, {"deed": "cancel"})
    weeks = "/desk/cohorts/evening"
    grid = desk.get(f"{weeks}?week=1").text
    printed = send(desk, f"{weeks}/print", {"week": "1"}, page=weeks).text
    later = {"struck": grid.count("block struck"), "links": grid.count(f'href="{PAGE}"')}

    assert later == {"struck": 1, "links": 3}
    assert "block struck" in printed


def test_a_struck_session_is_gone_when_its_day_is_over(desk: FlaskClient, clock: Watch) -> None:
    does(desk, {"deed": "cancel"})
    clock.moment = datetime(2027, 3, 3, 6, tzinfo=UTC)
    sign_in(desk, person_by_key("desk"))
    grid = desk.get("/desk/cohorts/evening?week=1").text

    assert ("block struck" in grid, "block published" in grid) == (False, True)


def test_nothing_is_put_back_that_has_begun(desk: FlaskClient, clock: Watch) -> None:
    does(desk, {"deed": "cancel"})
    clock.moment = datetime(2027, 3, 2, 22, tzinfo=UTC)
    sign_in(desk, person_by_key("desk"))
    said = {"deed": "back", "day": "2027-03-02", "at": "17:00"}

    assert send(desk, f"{PAGE}/look", said, page="/desk/").status_code == 409
    assert times()[FIRST][2] == "cancelled"


@pytest.mark.parametrize(("day", "at"), [("2027-03-02", "22:00"), ("2027-03-06", "17:00")])
def test_broken_rule_is_named_and_the_change_is_refused(
    desk: FlaskClient, day: str, at: str
) -> None:
    said = MOVE | {"day": day, "at": at}

    shown = send(desk, f"{PAGE}/look", said, page=PAGE)
    done = send(desk, PAGE, said | {"seen": "0"})

    assert (shown.status_code, done.status_code, times(), waiting()) == (409, 409, AS_IT_WAS, [])
    said = words(shown)
    assert "A rule would be broken. Nothing was changed." in said
    order = [said.index(part) for part in ("These would work", "Bend the rule")]
    assert ("This cannot be done" in said, order == sorted(order)) == (False, True)


def test_hour_at_which_somebody_is_engaged_is_refused_in_words(desk: FlaskClient) -> None:
    shown = send(desk, f"{PAGE}/look", MOVE | {"day": "2027-03-01", "at": "18:00"}, page=PAGE)

    assert (shown.status_code, times()) == (409, AS_IT_WAS)
    refusal = "Ana Rivera and Jordan Quellandrix are engaged then, in “Process group”"
    assert words(shown).count(refusal) == 1


def test_change_of_what_was_not_shown_is_refused(desk: FlaskClient) -> None:
    assert send(desk, PAGE, MOVE | {"seen": "7"}).status_code == 409
    assert times() == AS_IT_WAS


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "deed"),
        (MOVE | {"day": "soon"}, "day"),
        (MOVE | {"day": "9990-03-03"}, "day"),
        (MOVE | {"day": "2030-03-03"}, "day"),
        (MOVE | {"minutes": "5"}, "minutes"),
        (MOVE | {"day": "2027-03-02", "at": "17:00"}, "day"),
        ({"deed": "move"}, "day"),
    ],
)
def test_form_that_lacks_something_says_where(
    desk: FlaskClient, said: dict[str, str], field: str
) -> None:
    answer = send(desk, f"{PAGE}/look", said, page=PAGE)

    assert (answer.status_code, f'href="#{field}"' in answer.text) == (422, True)


def test_what_has_begun_stays_as_it_is(desk: FlaskClient, clock: Watch) -> None:
    clock.moment = datetime.fromisoformat("2027-03-02T22:10:00+00:00")
    sign_in(desk, person_by_key("desk"))

    page = desk.get(PAGE)

    assert ("This session has begun or is over" in words(page), "<fieldset" in page.text) == (
        True,
        False,
    )


@pytest.mark.parametrize("key", ["jordan", "jordan-mother", "jordan-father"])
def test_nobody_but_staff_may(desk: FlaskClient, house: Flask, key: str) -> None:
    client = browser(house)
    sign_in(client, person_by_key(key))

    assert client.get(PAGE).status_code == 403


def test_weeks_lead_to_each_published_session(desk: FlaskClient) -> None:
    for layout in ("board", "list"):
        assert f'href="{PAGE}"' in desk.get(f"/desk/cohorts/evening?week=1&view={layout}").text


def test_group_moved_by_hand_is_not_refused_but_said_to_leave_the_program(
    desk: FlaskClient,
) -> None:
    page = "/desk/sessions/evening.process.2027-03-01"

    shown = send(desk, f"{page}/look", MOVE | {"day": "2027-03-04", "minutes": "90"}, page=page)

    assert shown.status_code == 200
    assert "What else to know" in words(shown)


BROKEN = MOVE | {"day": "2027-03-02", "at": "08:00"}
"""An hour before Rivera works and the mother is free."""


def reason_field(shown: TestResponse) -> bool:
    return 'name="reason"' in shown.text


def test_rule_that_may_be_bent_asks_for_the_reason(desk: FlaskClient) -> None:
    shown = send(desk, f"{PAGE}/look", BROKEN, page=PAGE)

    assert (shown.status_code, reason_field(shown)) == (409, True)
    assert "Bend the rule: change this session and tell" in words(shown)
    assert (times(), waiting()) == (AS_IT_WAS, [])


def test_bent_rule_is_kept_with_its_reason_and_shown_on_the_session(desk: FlaskClient) -> None:
    seen = str(session_by_key(FIRST).version)
    done = send(desk, PAGE, BROKEN | {"seen": seen, "reason": "Both agreed on the phone"})
    said = words(desk.get(PAGE))

    assert (done.status_code, times()[FIRST][0]) == (303, "2027-03-02T08:00")
    assert "Rules bent here" in said
    assert "Both agreed on the phone (Sam Wren" in said
    minutes_pass()
    addresses = {address for address, _ in waiting()}
    assert ("dana@family.example" in addresses, "miguel@family.example" in addresses) == (
        True,
        False,
    )


def test_reason_without_words_bends_nothing(desk: FlaskClient) -> None:
    seen = str(session_by_key(FIRST).version)
    done = send(desk, PAGE, BROKEN | {"seen": seen, "reason": "  "})

    assert (done.status_code >= 400, times(), waiting()) == (True, AS_IT_WAS, [])


def test_day_that_is_closed_asks_for_no_reason_and_takes_none(desk: FlaskClient) -> None:
    db.session.add(Closure(first=date(2027, 3, 4), last=date(2027, 3, 4), note="storm", position=9))
    db.session.commit()
    said = MOVE | {"day": "2027-03-04", "at": "16:00"}
    shown = send(desk, f"{PAGE}/look", said, page=PAGE)
    seen = str(session_by_key(FIRST).version)
    done = send(desk, PAGE, said | {"seen": seen, "reason": "because"})

    assert (shown.status_code, reason_field(shown), done.status_code) == (409, False, 409)
    assert times() == AS_IT_WAS


def test_clinician_bends_no_rule(desk: FlaskClient, house: Flask) -> None:
    client = browser(house)
    sign_in(client, person_by_key("rivera"))
    shown = send(client, f"{PAGE}/look", BROKEN, page=PAGE)
    seen = str(session_by_key(FIRST).version)
    done = send(client, PAGE, BROKEN | {"seen": seen, "reason": "because"})

    assert (shown.status_code, reason_field(shown), done.status_code) == (409, False, 409)
    assert "This cannot be done: a rule would be broken." in words(shown)
    assert times() == AS_IT_WAS


@pytest.mark.parametrize("hour", ["08:00", "18:00"])
def test_refused_move_offers_three_places_that_lead_to_the_preview(
    desk: FlaskClient, hour: str
) -> None:
    shown = send(desk, f"{PAGE}/look", MOVE | {"day": "2027-03-01", "at": hour}, page=PAGE)
    offered = shown.text.partition("These would work")[2].partition("</div>")[0]
    places = re.findall(r'href="([^"]+)"', offered)

    assert "These would work" in words(shown)
    assert len(places) == 3
    for place in places:
        assert desk.get(html.unescape(place)).status_code == 200


def test_refused_putting_back_offers_three_places_that_lead_to_the_preview(
    desk: FlaskClient,
) -> None:
    does(desk, {"deed": "cancel"})
    back = {"deed": "back", "day": "2027-03-01", "at": "08:00"}
    shown = send(desk, f"{PAGE}/look", back, page=PAGE)
    offered = shown.text.partition("These would work")[2].partition("</div>")[0]
    places = [html.unescape(place) for place in re.findall(r'href="([^"]+)"', offered)]

    assert ["deed=back" in place for place in places] == [True] * 3
    for place in places:
        assert desk.get(place).status_code == 200


def test_room_is_offered_to_whom_leads_the_session_alone(desk: FlaskClient, house: Flask) -> None:
    leader = browser(house)
    sign_in(leader, person_by_key("rivera"))

    assert "Go into the room" not in words(desk.get(PAGE))
    assert "Go into the room" in words(leader.get(PAGE))


def test_page_of_a_session_names_who_cannot_come(desk: FlaskClient) -> None:
    row, jordan = session_by_key(FIRST), person_by_key("jordan")
    before = "Cannot come" in words(desk.get(PAGE))
    homes.cannot_come(row, jordan, reason=None, by="jordan", now=clock.now())
    db.session.commit()
    said = words(desk.get(PAGE))
    assert before is False
    assert f"Cannot come: {jordan.name}." in said
