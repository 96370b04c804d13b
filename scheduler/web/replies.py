"""Staff's page of mailed answers that wait for a person: proposals of another time, and what is not certain."""

from datetime import datetime
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import invitations
from scheduler.consents import audiences
from scheduler.invitations import waiting_replies
from scheduler.invitations.models import HeldKind, HeldReply
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.kernel.errors import Conflict, InputError, NotFound
from scheduler.people import practice
from scheduler.people.models import Person, PersonKind
from scheduler.planning import tried
from scheduler.web.access import STAFF, allow, me
from scheduler.web.circle import SAID
from scheduler.web.times import moment_words, span_words, zone_words

replies = Blueprint("replies", __name__, url_prefix="/desk/replies")
Page = str | tuple[str, int] | Response
DECIDED = {
    "decline": "The proposal is declined. Everything stays as it was.",
    "count": "The answer counts.",
    "aside": "Put aside. Nobody is told.",
}


@replies.get("/")
@allow(*STAFF)
def overview() -> Page:
    """Show what waits, the oldest first."""
    return _page({})


@replies.post("/<held_id>")
@allow(*STAFF)
def decide(held_id: str) -> Page:
    """Do what was chosen for one of them; nothing is chosen beforehand."""
    held = db.session.get(HeldReply, held_id)
    if held is None:
        raise NotFound("there is no such answer")
    chosen, by, moment = request.form.get("decision", ""), me().key, now()
    said = [DECIDED.get(chosen, "")]
    try:
        if chosen == "accept":
            said = _accepted(held, by, moment)
        elif chosen == "decline":
            invitations.decline_proposal(held, by=by, now=moment)
        elif chosen == "count":
            invitations.count_answer(held, by=by, now=moment)
        elif chosen == "aside":
            invitations.put_aside(held, by=by, now=moment)
        else:
            return _page({f"reply-{held_id}": "Choose what to do."}), 422
    except (Conflict, InputError) as error:
        db.session.rollback()
        reading()
        return _page({f"reply-{held_id}": f"{str(error)[:1].upper()}{str(error)[1:]}."}), 409
    db.session.commit()
    for line in said:
        flash(line)
    return redirect(url_for("replies.overview"), 303)


def _accepted(held: HeldReply, by: str, moment: datetime) -> list[str]:
    """Move the session as proposed and say what was done and who is told; what breaks a rule is not done in one tap."""
    row = invitations.proposed_for(held, now=moment)
    _, brought = tried(row.cohort.key, partial(invitations.accept_proposal, held, by=by, now=moment), now=moment)
    if brought.doubt:
        raise Conflict(f"{brought.doubt}. Nothing was changed: decline it, or find another time on the session’s page")
    when = span_words(row.starts_at, row.ends_at, row.zone, row.zone)
    told = [one.person.name for one in audiences([row], now=moment)[row.id] if one.role is PersonKind.RELATIVE]
    letters = f"Told of the new time: {', '.join(told)}." if told else "Nobody of the family is told of it."
    return [f"The session is moved to {when}. {letters}", *(one.sentence for one in brought.to_know)]


def _page(errors: dict[str, str]) -> str:
    zone = practice().zone
    shown = [_shown(each, zone) for each in waiting_replies()]
    return render_template("desk/replies.html", shown=shown, zone=zone_words(zone), errors=errors)


def _shown(held: HeldReply, zone: str) -> dict[str, object]:
    row, times = held.invitation, None
    if held.starts_at is not None and held.ends_at is not None:
        times = span_words(held.starts_at, held.ends_at, zone, zone)
    about = invitations.dates_told([row]) if row is not None else []
    ahead = [one for one in about if held.recurrence in {None, one.recurrence}]
    return {
        "id": held.id,
        "who": _who(held),
        "patient": db.session.get(Person, row.patient_id) if row is not None else None,
        "sender": held.sender or "no single sender",
        "reason": f"{held.reason[:1].upper()}{held.reason[1:]}.",
        "came": moment_words(held.came_at, zone),
        "about": span_words(ahead[0].begins_at, ahead[0].ends_at, zone, zone) if len(ahead) == 1 else None,
        "many": [span_words(one.begins_at, one.ends_at, zone, zone) for one in ahead] if len(ahead) > 1 else [],
        "proposed": times,
        "said": SAID[held.answer] if held.answer else None,
        "comment": held.comment,
        "proposal": held.kind is HeldKind.PROPOSAL,
        "can_move": held.kind is HeldKind.PROPOSAL and times is not None and len(ahead) == 1,
        "unsure": held.kind is HeldKind.UNSURE and held.answer is not None,
    }


def _who(held: HeldReply) -> str:
    """Name whom it is certainly from; where it is not certain, the sender stands first."""
    name = held.person.name if held.person else "somebody we cannot name"
    if held.kind is HeldKind.PROPOSAL:
        return name
    return f"{held.sender or 'No single sender'}, in the name of {name}"
