"""The demo's phones: every text message as it arrived, and answers that go back through the signed
door. Demo only.
"""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.outbox import post_signed
from scheduler.people import people_by_phone
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.time_words import moment_words, zone_words

bp = Blueprint("phones", __name__, url_prefix="/demo/phones")
NAME = re.compile(r"([0-9]{20})-[0-9a-f]{32}\.(json|said)")
MOST_SIGNS = 300
NANOSECONDS = 1e9
"""In a second; a message's file is named after its moment in them."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on a phone's screen; `mine` was typed on it."""

    number: str
    text: str
    at: datetime
    mine: bool
    delivered: bool


@bp.get("")
@allow(Who.ANYONE)
def overview() -> str:
    """Show each number, the one heard of last first, and one conversation."""
    bubbles = list(_bubbles())
    numbers = list(dict.fromkeys(bubble.number for bubble in reversed(bubbles)))
    chosen = request.args.get("number") or (numbers[0] if numbers else None)
    zone = current_app.config.get("DEMO_ZONE", "America/New_York")
    talk = []
    for bubble in bubbles:
        if bubble.number == chosen:
            talk.append((bubble, moment_words(bubble.at, zone)))
    owners = {number: _owners(number) for number in numbers}
    return render_template(
        "demo/phones.html",
        numbers=numbers,
        chosen=chosen,
        talk=talk,
        owners=owners,
        zone=zone_words(zone),
    )


@bp.post("")
@allow(Who.ANYONE)
def say() -> Answer:
    """Send what was typed as the gateway would: signed, to the address for replies."""
    _ = catalog(reader_language())
    number = request.form.get("number", "")
    words = request.form.get("words", "").strip()[:MOST_SIGNS]
    settings = current_app.config["KINFOLD"]
    known = {bubble.number for bubble in _bubbles()}
    if not settings.sms_secret or number not in known:
        abort(400)
    if not words:
        return _back(number, _("Nothing was sent: type an answer first."))
    key = new_id()
    body = json.dumps({"kind": "reply", "id": key, "from": number, "text": words}).encode()
    db.session.rollback()
    code, said = post_signed(
        f"{settings.base_url}/texts",
        settings.sms_secret,
        body,
        key=key,
        now=now(),
    )
    if code != 200:
        return _back(number, _("The answer did not arrive. Try again in a moment."))
    _keep("said", {"from": number, "text": words})
    back = json.loads(said).get("reply")
    if back:
        _keep("json", {"to": number, "text": back})
    return _back(number)


def _back(number: str, wrong: str = "") -> Answer:
    """Lead back to a phone, and say there what went wrong."""
    if wrong:
        flash(wrong, "wrong")
    return redirect(url_for("phones.overview", number=number), 303)


def _keep(kind: str, said: dict[str, str]) -> None:
    path = _folder() / f"{time.time_ns():020d}-{new_id()}.{kind}"
    path.write_text(json.dumps(said), encoding="utf-8")


def _bubbles() -> Iterator[Bubble]:
    """Return all messages, the oldest first."""
    for path in sorted(_folder().glob("*")):
        found = NAME.fullmatch(path.name)
        if found is None:
            continue
        said = json.loads(path.read_text(encoding="utf-8"))
        mine = found[2] == "said"
        yield Bubble(
            number=str(said["from" if mine else "to"]),
            text=str(said["text"]),
            at=datetime.fromtimestamp(int(found[1]) / NANOSECONDS, UTC),
            mine=mine,
            delivered=path.with_suffix(".delivered").exists(),
        )


def _owners(number: str) -> str:
    return ", ".join(person.name for person in people_by_phone(number))


def _folder() -> Path:
    folder = Path(current_app.config["DEMO_MAILBOX"]).parent / "phones"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
