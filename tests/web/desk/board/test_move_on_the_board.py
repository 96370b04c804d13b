"""Sessions moved on the board in a real browser: by keys alone, each step spoken, and by mouse."""

import re
from typing import Any

from flask import Flask

from scheduler.kernel.clock import turned_to
from tests.web.house import NOW, move_in
from tests.web.test_accessible import enter, findings

WEEKS = "/desk/cohorts/evening?week=1&view=board"
FAMILY = "[id='at-evening.fam.jordan.w1']"


def spoken(page: Any) -> str:
    """Return what the page speaks next."""
    page.locator("#spoken", has_text=re.compile(r"\S")).wait_for(state="attached")
    said = str(page.evaluate("document.getElementById('spoken').textContent"))
    page.evaluate("document.getElementById('spoken').textContent = ''")
    return re.sub(r"\s+", " ", said)


def test_session_is_moved_by_keys_alone_and_every_step_is_spoken(
    sqlite_app: Flask, live_server: str, page: Any
) -> None:
    with turned_to(lambda: NOW):
        move_in()
        enter(page, live_server, "desk")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(live_server + WEEKS)
        begins = page.evaluate("document.querySelector('.board').getBoundingClientRect().top")
        page.focus(FAMILY)
        said = []
        for key in ("Enter", "ArrowLeft", "Escape", "Enter", "ArrowRight", "ArrowUp"):
            page.keyboard.press(key)
            said.append(spoken(page))
        shown = findings(page)
        page.keyboard.press("Enter")
        page.wait_for_url("**/look?**")
        preview = page.inner_text("main")
        page.go_back()
        page.wait_for_selector(FAMILY)

    assert begins <= 160
    assert said == [
        "Lifted: Family session. Tue 2 March, 5:00 PM",
        "Mon 1 March, 5:00 PM, 60 minutes. This would break a rule: "
        "Ana Rivera has too little time between: Family session and Process group.",
        "Put back; nothing was changed.",
        "Lifted: Family session. Tue 2 March, 5:00 PM",
        "Wed 3 March, 5:00 PM, 60 minutes. It can be here",
        "Wed 3 March, 4:45 PM, 60 minutes. It can be here",
    ]
    assert shown == []
    assert "Change this session and tell 3 people" in preview


def test_session_dragged_where_it_cannot_be_goes_back_and_says_where_it_could(
    sqlite_app: Flask, live_server: str, page: Any
) -> None:
    with turned_to(lambda: NOW):
        move_in()
        enter(page, live_server, "desk")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(live_server + WEEKS)
        drag(page, FAMILY, "[id='at-evening.process.2027-03-01']")
        page.wait_for_selector("#lift a")
        said = page.inner_text("#lift").replace("\N{NO-BREAK SPACE}", " ")
        offered = page.locator("#lift a").count()
        stayed = page.url
        page.click("#lift a")
        page.wait_for_url("**/look?**")

    assert "It cannot be there, so it is back where it was." in said
    assert "engaged then" in said
    assert (offered, stayed) == (3, live_server + WEEKS)


def drag(page: Any, what: str, onto: str) -> None:
    """Drag a block by its face onto another, as a hand does: in steps."""
    page.hover(what, position={"x": 30, "y": 40})
    page.mouse.down()
    box = page.locator(onto).bounding_box()
    with page.expect_response("**/places?**"):
        page.mouse.move(box["x"] + 40, box["y"] + 80, steps=4)
    page.wait_for_selector(".ghost")
    page.mouse.move(box["x"] + 30, box["y"] + 40, steps=4)
    page.mouse.up()
