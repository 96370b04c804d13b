"""Takes the README's pictures from the running demo: .venv/bin/python docs/take_pictures.py URL
PASSWORD

It walks the README's tour: desk, board, preview, mailbox, a relative's page, an answer, a patient's
agenda; and from a letter to the room.
"""

import os
import re
import shutil
import sys
from pathlib import Path

from door_pictures import film_strip
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent / "pictures"
MOTHER = "p-201-mother@family.example"
PATIENT = "p-201@patient.example"


def take(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep one picture."""
    page.screenshot(path=HERE / f"{name}.png", full_page=whole)
    print(name, page.url)


def newest_to(page: Page, url: str, address: str, subject: str) -> str:
    """Open the newest letter to `address` whose subject begins so; give its plain text."""
    for _ in range(40):
        page.goto(f"{url}/demo/mailbox")
        found = page.locator("ul.mails a", has_text=address).filter(has_text=re.compile(subject))
        if found.count():
            found.first.click()
            return page.locator("div.letter").text_content() or ""
        page.wait_for_timeout(500)
    raise SystemExit(f"no letter '{subject}' for {address} in the mailbox")


def code_for(page: Page, url: str, address: str) -> str:
    """Read the newest one-time code in the demo's mailbox."""
    found = re.search(r"\b(\d{6})\b", newest_to(page, url, address, "[Cc]ode|[Cc]ódigo"))
    if found is None:
        raise SystemExit("the letter holds no code")
    return found[1]


def desk(page: Page, url: str, password: str) -> None:
    """Sign in as the coordinator, look at the board and at what publishing would send."""
    page.goto(url)
    take(page, "sign-in")
    page.fill("input[type=email]", "desk@tw-sched.example")
    page.click("button[value=password]")
    page.fill("input[type=password]", password)
    page.click("main button.primary")
    take(page, "desk")
    page.goto(f"{url}/desk/cohorts/evening")
    take(page, "board", whole=True)
    page.goto(f"{url}/desk/cohorts/morning?week=5")
    page.locator("aside").screenshot(path=HERE / "explained.png")
    page.goto(f"{url}/desk/cohorts/morning/publish")
    take(page, "preview", whole=True)
    page.goto(f"{url}/desk/letters")
    take(page, "letters")


def family(page: Page, url: str) -> None:
    """As a mother on a phone: open the invitation, ask for a code, read, answer."""
    words = newest_to(page, url, MOTHER, "Appointment")
    take(page, "mailbox")
    found = re.search(r"http\S+/i/\S+", words)
    if found is None:
        raise SystemExit("the invitation holds no link")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(found[0])
    take(page, "family-before")
    page.click("main button.primary")
    asked = page.url
    code = code_for(page, url, MOTHER)
    page.goto(asked)
    page.fill("input#code", code)
    page.click("main button.primary")
    take(page, "family", whole=True)
    page.check("input[value=yes] >> nth=0")
    page.click("main button.primary")
    take(page, "family-answered", whole=True)


def mine(page: Page, url: str) -> None:
    """As a patient on a phone: sign in with a code, read the agenda, make a calendar address."""
    page.goto(url)
    page.fill("input[type=email]", PATIENT)
    page.click("button[value=code]")
    asked = page.url
    code = code_for(page, url, PATIENT)
    page.goto(asked)
    page.fill("input#code, input.code", code)
    page.click("main button.primary")
    take(page, "agenda", whole=True)
    page.goto(f"{url}/mine/feed")
    page.click("main button.primary")
    take(page, "feed", whole=True)


def main(url: str, password: str) -> None:
    """Walk the tour."""
    HERE.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        path = os.environ.get("BROWSER_BIN") or shutil.which("chromium")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        for walk in (
            lambda page: desk(page, url, password),
            lambda page: family(page, url),
            lambda page: mine(page, url),
        ):
            context = browser.new_context(viewport={"width": 1280, "height": 860})
            context.set_default_timeout(15000)
            walk(context.new_page())
            context.close()
        film_strip(browser, HERE)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
