"""Camera and sound in a real browser, with devices of its own making, with none, and with devices
that are refused; nothing leaves the device.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from cast import Cast, assemble, session
from conftest import browser_path
from scheduler.invitations import announce
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.programs import RoomService
from scheduler.programs.models import VideoRoom
from scheduler.tech_checks import told_checks
from tests.web.test_accessible import enter, findings

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
FAKE = "--use-fake-device-for-media-stream"
AGREES = "--use-fake-ui-for-media-stream"
SILENT = "--mute-audio"
TOO_SMALL = """() => [...document.querySelectorAll('main button, main a.button')]
  .filter(each => each.offsetParent && each.getBoundingClientRect().height < 44)
  .map(each => each.textContent.trim())"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def stage(sqlite_app: Flask, live_server: str) -> Iterator[Cast]:
    with turned_to(lambda: NOW):
        stage = assemble()
        url = "https://meet.example/{session}"
        room = VideoRoom(key="a", service=RoomService.TEMPLATE, url=url)
        session(stage, datetime(2027, 3, 9, 16, 0)).room = room
        announce(by="command", now=NOW)
        db.session.commit()
        yield stage


@pytest.fixture(scope="module")
def equipped(browser: Any) -> Iterator[Callable[[list[str]], Any]]:
    """Gives a browser with the devices and answers that the flags give it, one for the same
    flags.
    """
    started: dict[tuple[str, ...], Any] = {}

    def of(said: list[str]) -> Any:
        flags = [*said, SILENT]
        flags += ["--no-sandbox"] if os.geteuid() == 0 else []
        if tuple(flags) not in started:
            own = browser.browser_type.launch(executable_path=browser_path(), args=flags)
            started[tuple(flags)] = own
        return started[tuple(flags)]

    yield of
    for own in started.values():
        own.close()


@pytest.fixture
def devices(
    equipped: Callable[[list[str]], Any], live_server: str, request: pytest.FixtureRequest
) -> Iterator[Any]:
    """A page with devices, in a fresh profile."""
    context = equipped(request.param).new_context(viewport={"width": 320, "height": 800})
    yield context.new_page()
    context.close()


def at_the_page(page: Any, server: str, key: str = "dana", language: str = "en") -> list[str]:
    """Open the page as somebody; return the list that every further request is written into."""
    enter(page, server, key)
    page.route("https://meet.example/**", lambda route: route.fulfill(status=404, body=""))
    page.goto(f"{server}/check?lang={language}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    return asked


def tried(page: Any, part: str, word: str) -> str:
    """Press the button of a part; return what the page says once it says `word`."""
    step = page.locator(f"[data-part={part}]")
    step.locator("[data-try]").click()
    line = step.locator(f"[data-when={word}]")
    line.wait_for()
    return str(line.inner_text())


@pytest.mark.parametrize("devices", [[FAKE, AGREES]], indirect=True)
def test_devices_that_work_are_found_to_work_and_nothing_leaves(
    devices: Any, stage: Cast, live_server: str
) -> None:
    asked = at_the_page(devices, live_server)

    said = [tried(devices, part, "works") for part in ("camera", "microphone", "connection")]
    devices.locator("[data-part=speakers] [data-try]").click()
    devices.get_by_text("Yes, I heard it").click()

    assert said == [
        "✓ The camera works.",
        "✓ The microphone hears you.",
        "✓ The video service answers.",
    ]
    assert devices.locator("[data-part=speakers] [data-when=works]").is_visible()
    assert devices.locator("[data-part=browser] [data-when=works]").is_visible()
    assert [each for each in asked if "/assets/" not in each] == ["GET https://meet.example/"]
    assert (findings(devices), devices.evaluate(TOO_SMALL)) == ([], [])
    assert devices.evaluate(TOO_WIDE) <= 0


@pytest.mark.parametrize("devices", [[FAKE, AGREES]], indirect=True)
def test_what_was_found_is_told_by_a_button(devices: Any, stage: Cast, live_server: str) -> None:
    at_the_page(devices, live_server)
    tried(devices, "camera", "works")

    devices.get_by_text("Tell my clinic what works").click()
    devices.get_by_text("Your clinic knows now what works for you.").wait_for()

    db.session.rollback()
    (row,) = told_checks([stage.dana.id])
    assert (row.camera, row.browser, row.microphone) == ("works", "works", "untried")


@pytest.mark.parametrize("devices", [[FAKE, "--deny-permission-prompts"]], indirect=True)
def test_refused_devices_are_told_apart_with_what_to_do(
    devices: Any, stage: Cast, live_server: str
) -> None:
    at_the_page(devices, live_server)

    said = [tried(devices, part, "denied") for part in ("camera", "microphone")]

    assert said == [
        "▲ This page may not use the camera. Press the sign beside the address of this page, "
        "allow the camera, and try again.",
        "▲ This page may not use the microphone. Press the sign beside the address of this page, "
        "allow the microphone, and try again.",
    ]
    assert findings(devices) == []


@pytest.mark.parametrize("devices", [[AGREES]], indirect=True)
def test_devices_that_are_not_there_are_said(devices: Any, stage: Cast, live_server: str) -> None:
    at_the_page(devices, live_server)

    assert tried(devices, "camera", "missing").startswith("▲ No camera was found.")


@pytest.mark.parametrize("devices", [[FAKE, AGREES]], indirect=True)
def test_service_that_does_not_answer_is_said(devices: Any, stage: Cast, live_server: str) -> None:
    at_the_page(devices, live_server)
    devices.unroute("https://meet.example/**")
    devices.route("https://meet.example/**", lambda route: route.abort())

    said = tried(devices, "connection", "fails")

    assert said.startswith("▲ The video service does not answer you. Look whether")


@pytest.mark.parametrize("devices", [[FAKE, AGREES]], indirect=True)
def test_browser_that_cannot_is_told_so_and_may_phone(
    devices: Any, stage: Cast, live_server: str
) -> None:
    devices.add_init_script("delete window.RTCPeerConnection")
    at_the_page(devices, live_server)

    assert devices.locator("[data-part=browser] [data-when=fails]").is_visible()
    assert devices.locator("[data-try]:visible").count() == 0
    devices.get_by_text("I will phone instead").click()
    devices.get_by_text("you will phone instead").wait_for()


@pytest.mark.parametrize("language", ["en", "es", "pt-BR"])
@pytest.mark.parametrize("devices", [[FAKE, AGREES]], indirect=True)
def test_page_fits_a_phone_in_every_language(
    devices: Any, stage: Cast, live_server: str, language: str
) -> None:
    at_the_page(devices, live_server, language=language)

    assert (findings(devices), devices.evaluate(TOO_SMALL)) == ([], [])
    assert devices.evaluate(TOO_WIDE) <= 0
