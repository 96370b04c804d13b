"""The door for the gateway of text messages: signed delivery receipts and replies.

{"kind": "receipt", "id": LETTER, "state": "delivered" | "failed", "reason": …} {"kind": "reply",
"id": GATEWAY'S, "from": "+1…", "text": …}    answered with {"reply": …} when one is to be sent
"""

import json
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from scheduler import outbox, reminders
from scheduler import sms as messages
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.hostile_requests import is_storable

bp = Blueprint("sms_webhook", __name__)
MOST_BYTES = 16_384
UNSIGNED = "the request is not signed with SMS_SECRET, or older than five minutes"
UNREADABLE = "want a receipt {kind, id, state} or a reply {kind, id, from, text}"


@bp.post("/texts")
@allow(Who.TOKEN)
def heard() -> Response | tuple[Response, int]:
    """Take a receipt or a reply. An unsigned, old or unreadable one is refused (400) and changes
    nothing.
    """
    body = request.get_data(cache=False)[:MOST_BYTES]
    secret = current_app.config["KINFOLD"].sms_secret
    moment = request.headers.get(outbox.TIME, "")
    signature = request.headers.get(outbox.SIGNATURE, "")
    if not secret or not outbox.is_genuine(
        secret,
        body,
        moment,
        signature,
        now(),
    ):
        return jsonify(error=UNSIGNED), 400
    try:
        said = json.loads(body)
        # What a person writes counts, whatever sign a gateway leaves in it.
        names = [value for name, value in said.items() if name != "text"]
        if not all(is_storable(str(value)) for value in names):
            raise ValueError("no database keeps these words")
        if said["kind"] == "receipt":
            answer = _receipt(said)
        else:
            answer = _reply(said)
    except (ValueError, KeyError, TypeError, AttributeError):
        db.session.rollback()
        return jsonify(error=UNREADABLE), 400
    db.session.commit()
    return jsonify(answer)


def _receipt(said: dict[str, Any]) -> dict[str, str]:
    delivered = {"delivered": True, "failed": False}[said["state"]]
    letter_id = str(said["id"])
    if outbox.note_receipt(letter_id, delivered=delivered, words=str(said.get("reason", ""))):
        reminders.mail_instead(letter_id)
    return {}


def _reply(said: dict[str, Any]) -> dict[str, str]:
    found = messages.receive_text(
        str(said["from"]),
        str(said["text"]),
        reply_id=str(said["id"])[:64],
        now=now(),
    )
    for letter_id in found.held_back:
        reminders.mail_instead(letter_id)
    return {"reply": found.answer} if found.answer else {}
