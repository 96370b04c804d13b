"""Every page in a real browser, by day and by night, wide and narrow: axe finds nothing, nothing
scrolls sideways.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from scheduler.kernel.clock import now, turned_to
from scheduler.kernel.database import db
from scheduler.people import begin_sign_in, person_by_key
from scheduler.planning import begin, keep, make_plan
from scheduler.programs import Kind
from tests.web.house import NOW, a_session, move_in, token
from warm import World

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
"""Every rule is asked; of what holds axe tells no single places."""
LOOKS = (("dark", 320), ("light", 1280))
"""Night on a telephone, day at a desk; each page is loaded in one and turned to the other."""
PAGES = {
    "nobody": ("/", "/nothing-here", "/i/{token}", "/i/{token}/code"),
    "desk": (
        "/desk/",
        "/desk/cohorts",
        "/desk/cohorts/evening",
        "/desk/cohorts/evening?view=list",
        "/desk/cohorts/evening?view=board&by=clinician&q=ana",
        "/desk/cohorts/evening?week=all",
        "/desk/cohorts/evening/publish",
        "/desk/sessions/evening.fam.jordan.w1",
        "/desk/sessions/evening.fam.jordan.w1/places",
        "/desk/sessions/evening.fam.jordan.w1/look?deed=move&day=2027-03-03&at=16:00&minutes=60",
        "/desk/sessions/evening.fam.jordan.w1/attendance",
        "/desk/letters",
        "/desk/letters?state=doubtful",
        "/desk/needs",
        "/desk/passkeys",
        "/desk/caseload",
        "/desk/engagement",
        "/desk/reminders",
        "/desk/patients/jordan/texts",
        "/desk/patients/jordan",
        "/desk/patients/jordan/disclosures",
        "/desk/patients/jordan/contact/jordan-mother",
        "/desk/patients/jordan/details",
        "/desk/patients/jordan/codes/jordan-mother",
        "/desk/patients/jordan/discharge",
        "/desk/patients/jordan/participation",
        "/desk/patients/jordan/stays",
        "/desk/patients/jordan/stays/pause",
        "/desk/patients/jordan/stays/move",
        "/desk/patients/jordan/hours/jordan-mother",
        "/desk/patients/jordan/relatives/add",
        "/desk/people?q=lee",
        "/desk/people/admit",
        "/desk/clinic-file",
        "/desk/people/roster",
        "/desk/people/join?first=jordan-mother",
        "/desk/cohorts/evening/places",
        "/desk/patients/jordan/paper",
        "/desk/patients/jordan/readiness/jordan-mother",
        "/desk/patients/jordan/safe/jordan-mother",
        "/desk/patients/jordan/signing",
        "/desk/patients/jordan/stop",
        "/desk/programs",
        "/desk/programs/adult/week?part=groups&row=process&week=2",
        "/desk/webhooks",
        "/desk/cohorts/evening/setup",
        "/desk/closures",
        "/family",
    ),
    "jordan": (
        "/mine",
        "/mine/feed",
        "/mine/how",
        "/mine/contact",
        "/mine/missed",
        "/mine/place",
        "/mine/sessions/{session}/cannot-come",
        "/mine/calendar/",
        "/devices/passkeys",
        "/safe/",
        "/reminders/",
        "/week/",
        "/mine/disclosures",
        "/mine/sharing/jordan-mother/sender",
        "/mine/let",
        "/mine/sees/jordan-mother",
        "/mine/let/jordan-mother?lang=es",
    ),
    "jordan-mother": (
        "/family",
        "/family/calendar/",
        "/family/helps",
        "/family/ready",
        "/family/stop",
        "/safe/",
        "/reminders/",
        "/week/",
        "/i/{token}",
    ),
    "jordan-father": ("/family", "/i/{token}"),
}
"""Where everybody goes; the last of the desk's is refused and shows the page for it."""


def with_a_proposal() -> None:
    """A practice with a published fortnight and a proposal beside it."""
    move_in()
    task = begin("evening", now=NOW)
    keep(task, make_plan(task.problem, seconds=2.0, seed=0), seed=0, by="desk", now=NOW)
    db.session.commit()


@pytest.fixture
def planned_house(sqlite_app: Flask, live_server: str, world: World) -> Iterator[str]:
    """It behind a web server, whose address is given."""
    with turned_to(lambda: NOW):
        world.begin(with_a_proposal)
        yield live_server


def enter(page: Any, server: str, key: str) -> None:
    if key == "nobody":
        return
    secret = begin_sign_in(person_by_key(key), now=now())
    db.session.commit()
    page.context.add_cookies(
        [{"name": "kinfold", "value": secret, "domain": urlsplit(server).hostname, "path": "/"}]
    )


def findings(page: Any) -> list[tuple[str, str]]:
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def too_wide(page: Any) -> str | None:
    wider = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return f"{wider} px too wide" if wider > 0 else None


def faults(
    page: Any, server: str, addresses: tuple[str, ...], secret: str, *, all_heard: bool
) -> Iterator[tuple[str, str, Any]]:
    """Yield what shuts somebody out: too wide, or found by axe, which hears every other page in the
    dark and narrow and the rest in the light; or all in both.
    """
    for number, address in enumerate(addresses):
        heard = LOOKS[number % 2]
        look(page, heard)
        page.goto(server + address.format(token=secret, session=a_session(Kind.FAMILY_THERAPY)))
        for mood, width in (heard, LOOKS[(number + 1) % 2]):
            look(page, (mood, width))
            said = [too_wide(page)]
            if all_heard or (mood, width) == heard:
                said += findings(page)  # type: ignore[arg-type]
            yield from ((address, mood, fault) for fault in said if fault)


def look(page: Any, how: tuple[str, int]) -> None:
    mood, width = how
    page.emulate_media(color_scheme=mood)
    page.set_viewport_size({"width": width, "height": 800})


@pytest.mark.parametrize("key", PAGES)
def test_page_shuts_nobody_out(
    page: Any, planned_house: str, key: str, pytestconfig: pytest.Config
) -> None:
    secret = token()
    enter(page, planned_house, key)
    complaints: list[str] = []
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text) if "Content Security Policy" in said.text else None
        ),
    )
    all_heard = bool(pytestconfig.getoption("--long"))

    assert list(faults(page, planned_house, PAGES[key], secret, all_heard=all_heard)) == []
    assert complaints == []


def test_keyboard_reaches_the_page_first(page: Any, planned_house: str) -> None:
    page.goto(planned_house)

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(
    ("hour", "button"),
    [("16:00", "Change this session and tell 3 people"), ("22:30", "Choose another time")],
)
@pytest.mark.parametrize("width", [320, 1280])
def test_change_by_hand_is_shown_and_put_back_with_the_keyboard_alone(
    page: Any, planned_house: str, width: int, hour: str, button: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    enter(page, planned_house, "desk")
    page.goto(f"{planned_house}/desk/sessions/evening.fam.jordan.w1")
    page.locator("input[value=move]").focus()
    page.keyboard.press("Space")
    page.locator("#at").fill(hour)
    page.locator("#minutes").focus()
    page.keyboard.press("Enter")
    page.get_by_text(button, exact=True).wait_for()
    shown = findings(page)
    wider = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )

    page.get_by_text(button, exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/evening.fam.jordan.w1")

    assert (shown, findings(page), wider) == ([], [], 0)
    assert page.get_by_text("Put it back as it was").count() == (1 if "tell" in button else 0)
