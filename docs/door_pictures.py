"""Takes the film strip of the README: from the letter to the room in three taps and one code.

It stands up the demo's clinic in a file of its own and turns the clock to a minute before the first
family session, because the running demo's sessions lie a week ahead. `take_pictures.py` calls it.
"""

import email
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import policy
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from flask import Flask  # noqa: E402
from playwright.sync_api import Browser, Page  # noqa: E402
from sqlalchemy import select  # noqa: E402
from waitress.server import create_server  # noqa: E402

from scheduler import create_app  # noqa: E402
from scheduler.cli.demo.demo_commands import load_demo  # noqa: E402
from scheduler.config import Config  # noqa: E402
from scheduler.invitations import send_asked_codes  # noqa: E402
from scheduler.invitations.model.models import Invitation  # noqa: E402
from scheduler.kernel.clock import now, turned_to  # noqa: E402
from scheduler.kernel.database import db  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402
from scheduler.outbox.models import Letter  # noqa: E402
from scheduler.people import person_by_key  # noqa: E402
from scheduler.programs import Kind  # noqa: E402
from scheduler.sessions.models import Session  # noqa: E402

MOTHER = "p-201-mother"
PHONE = {"width": 390, "height": 700}
STRIP = """<style>body{margin:0;padding:16px;background:#e8eaed;font:600 20px system-ui;
display:flex;gap:20px;color:#1c2430}figure{margin:0;width:390px}img{width:390px;border-radius:14px;display:block;
box-shadow:0 1px 6px #0003}figcaption{padding:0 4px 10px}</style>"""
FRAMES = (
    ("letter", "1 · the letter: tap its link"),
    ("door", "2 · tap: a code, please"),
    ("code", "3 · type it, tap Join"),
    ("room", "the room"),
)


def film_strip(browser: Browser, pictures: Path) -> None:
    """Walk from the letter to the room as the mother, and keep the walk as one picture."""
    with tempfile.TemporaryDirectory(prefix="kinfold-door-") as folder, clinic(folder) as server:
        context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
        page = context.new_page()
        page.route("https://video.example/**", lambda route: route.abort())
        for name in walk(page, server):
            page.screenshot(path=Path(folder) / f"{name}.png")
        frames = ""
        for name, words in FRAMES:
            picture = (Path(folder) / f"{name}.png").as_uri()
            frames += f'<figure><figcaption>{words}</figcaption><img src="{picture}"></figure>'
        sheet = Path(folder) / "strip.html"
        sheet.write_text(f'<meta charset="utf-8">{STRIP}{frames}', encoding="utf-8")
        wide = browser.new_page(viewport={"width": 1652, "height": 772})
        wide.goto(sheet.as_uri())
        wide.screenshot(path=pictures / "door.png")
        wide.close()
        context.close()


def walk(page: Page, server: str) -> Iterator[str]:
    """Show one frame after the other, with a finger's taps between them."""
    body, address = letter_of_the_first_session()
    page.set_content(body)
    yield "letter"
    page.goto(server + urlsplit(address).path)
    page.locator("main button.primary").wait_for()
    yield "door"
    page.locator("main button.primary").tap()
    page.locator("#code").wait_for()
    page.locator("#code").fill(newest_code())
    page.locator("label:has([name=keep])").tap()
    page.wait_for_timeout(400)  # until the touch no longer shows
    yield "code"
    page.locator("main button.primary").tap()
    page.locator("a[data-room]").wait_for()
    yield "room"


@contextmanager
def clinic(folder: str) -> Iterator[str]:
    """The demo's clinic behind a web server, a minute before the mother's first session."""
    settings = Config(
        database_url=f"sqlite:///{folder}/kinfold.db",
        database_key="a key of the pictures",
        secret_key="a secret of the pictures",
        base_url="http://127.0.0.1",
        smtp_url=None,
        mail_in=None,
        mail_authserv=None,
        sms_url=None,
        tick_seconds=5.0,
        demo=True,
    )
    app = create_app(settings)
    with app.app_context():
        upgrade(db.engine)
        load_demo(now())
        starts = first_session().starts_at
        db.session.rollback()
        with turned_to(lambda: starts - timedelta(minutes=1)), served(app) as server:
            yield server


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Let a real web server answer for `app`; give its address."""
    server = create_server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(10)


def first_session() -> Session:
    """Return the mother's first family session."""
    mother = person_by_key(MOTHER)
    rows = db.session.scalars(
        select(Invitation).where(Invitation.person_id == mother.id, Invitation.told.is_not(None))
    )
    told = [meeting[0] for row in rows for meeting in (row.told or {})["meetings"]]
    kind = Session.kind == Kind.FAMILY_THERAPY
    in_order = select(Session).where(Session.id.in_(told), kind).order_by(Session.starts_at)
    return db.session.scalars(in_order).all()[0]


def letter_of_the_first_session() -> tuple[str, str]:
    """Return the HTML of the mother's invitation, and the address its link has."""
    wanted = first_session().id
    mother = person_by_key(MOTHER)
    rows = db.session.scalars(select(Invitation).where(Invitation.person_id == mother.id))
    uids = [row.uid for row in rows if wanted in str(row.told)]
    letter = db.session.scalars(select(Letter).where(Letter.uid.in_(uids))).all()[0]
    message = email.message_from_bytes(letter.mime, policy=policy.default)
    part = message.get_body(("html",))
    body = str(part.get_content()) if part is not None else ""
    db.session.rollback()
    return body, re.findall(r'href="([^"]+/i/[^"]+)"', body)[0]


def newest_code() -> str:
    """Return the code that was mailed last, once the worker has made it."""
    db.session.rollback()
    send_asked_codes(now=now())
    db.session.commit()
    rows = select(Letter).where(Letter.kind == "code").order_by(Letter.created_at.desc())
    message = email.message_from_bytes(
        db.session.scalars(rows).all()[0].mime, policy=policy.default
    )
    part = message.get_body(("plain",))
    found = re.search(r"\b(\d{6})\b", str(part.get_content()) if part is not None else "")
    db.session.rollback()
    return found[1] if found else ""
