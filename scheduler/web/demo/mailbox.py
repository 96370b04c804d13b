"""The demo's mailbox: every letter as it arrived, and buttons that mail a true answer back. In demo
mode only.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as Answer

from scheduler.i18n import catalog
from scheduler.ical import Party, Received, reply, summarise
from scheduler.kernel.clock import now
from scheduler.kernel.errors import KinfoldError
from scheduler.outbox import hand_over_reply
from scheduler.people import codes_of_telephones, names_by_id
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.headers import POLICY
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.time_words import span_words

bp = Blueprint("mailbox", __name__, url_prefix="/demo")
NAME = re.compile(r"[0-9]{20}-[0-9]{6}")
SHOWN = 200
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups"
)
ANSWERS = {"yes": "ACCEPTED", "no": "DECLINED", "maybe": "TENTATIVE"}


@dataclass(frozen=True, slots=True)
class Arrived:
    """One letter of the folder."""

    name: str
    source: bytes
    message: EmailMessage

    def part(self, kind: str) -> str:
        """Return the decoded `plain` or `html` part, "" without one."""
        body = self.message.get_body((kind,))
        if body is None:
            return ""
        return str(body.get_content())

    @property
    def calendar(self) -> bytes | None:
        """Return the calendar part's bytes."""
        for part in self.message.walk():
            if part.get_content_type() == "text/calendar":
                return bytes(part.get_payload(decode=True))
        return None

    @property
    def invitation(self) -> Received | None:
        """Return what a calendar program would show of it."""
        return summarise(self.calendar) if self.calendar else None


@bp.get("/mailbox")
@allow(Who.ANYONE)
def mailbox() -> Response:
    """Show who got what, the newest first, and one letter in full."""
    names = sorted((path.stem for path in _folder().glob("*.eml")), reverse=True)[:SHOWN]
    chosen = request.args.get("letter") or (names[0] if names else None)
    letter = _letter(chosen) if chosen else None
    invitation = letter.invitation if letter else None
    zone = current_app.config.get("DEMO_ZONE", "America/New_York")
    times = [
        span_words(start, end, zone, zone, named=True)
        for start, end in (invitation.times if invitation else ())
    ]
    page = render_template(
        "demo/mailbox.html",
        letters=[_letter(name) for name in names],
        letter=letter,
        invitation=invitation,
        times=times,
        telephones=_telephones(),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


def _telephones() -> list[tuple[str, str]]:
    """Return what the telephone of each colleague with a second factor shows now, by name."""
    codes = codes_of_telephones(now=now())
    names = names_by_id(codes)
    return sorted((names[person_id], code) for person_id, code in codes.items())


@bp.get("/letters/<name>/page")
@allow(Who.ANYONE)
def page(name: str) -> Response:
    """Return the letter's HTML as a mail program would show it, shut into a frame."""
    html = _letter(name).part("html").replace("<head>", '<head><base target="_blank">', 1)
    if not html:
        said = catalog(reader_language()).gettext("This letter has no such part.")
        html = f"<p>{said}</p>"
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


@bp.post("/letters/<name>/answer")
@allow(Who.ANYONE)
def answer(name: str) -> Answer:
    """Mail what the invited person's calendar program would mail."""
    letter = _letter(name)
    said = ANSWERS.get(request.form.get("answer", ""))
    calendar = letter.calendar
    if said is None or calendar is None:
        abort(400)
    asked = summarise(calendar)
    door = current_app.config["KINFOLD"].mail_in
    if asked.organizer is None or not asked.attendees or not door:
        abort(400)
    me = asked.attendees[0]
    there = asked.organizer
    _ = catalog(reader_language())
    try:
        mail = _reply(calendar, me, there, said)
        hand_over_reply(
            door,
            sender=me.address,
            recipient=there.address,
            mime=mail,
        )
        flash(_("The answer is mailed. The desk shows it on the patient’s page."))
    except KinfoldError as error:
        flash(_("The answer did not arrive: {reason}.").format(reason=error), "wrong")
    return redirect(url_for("mailbox.mailbox", letter=name), 303)


def _reply(calendar: bytes, me: Party, there: Party, said: str) -> bytes:
    content = reply(
        calendar,
        attendee=me,
        answer=said,
        stamp=now(),
    )
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = me.address
    message["To"] = there.address
    message["Subject"] = said.capitalize()
    message.set_content(f"{said.capitalize()}.\n")
    message.add_alternative(
        content,
        maintype="text",
        subtype="calendar",
        params={"method": "REPLY", "charset": "UTF-8"},
    )
    return message.as_bytes()


def _folder() -> Path:
    return Path(current_app.config["DEMO_MAILBOX"])


def _letter(name: str) -> Arrived:
    path = _folder() / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.is_file():
        abort(404)
    source = path.read_bytes()
    message = message_from_bytes(source, policy=policy.default)
    return Arrived(name, source, message)
