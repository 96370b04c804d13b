"""Where every letter is, and why; what is held back after a restore; what staff have to do."""

from datetime import timedelta
from email import message_from_bytes, policy

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import audit, outbox, reminders, tasks
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox.models import Channel, Letter, LetterState
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.reminders.models import Reminder, ReminderState
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.desk.reminders import LEADS, names_of
from scheduler.web.ops.health import within
from scheduler.web.parts.time_words import moment_words, zone_words

bp = Blueprint("letters", __name__, url_prefix="/desk")
Page = str | tuple[str, int] | Response
STATES = {
    LetterState.WAITING: "Waiting",
    LetterState.RETRY: "Will be tried again",
    LetterState.SENDING: "On the way",
    LetterState.SENT: "Sent",
    LetterState.SET_ASIDE: "Set aside",
    LetterState.EXPIRED: "Too late, not sent",
    LetterState.SUPPRESSED: "Not needed any more",
}
DOUBTFUL = "doubtful"
MOST = 200
SHOWN_FOR = timedelta(days=14)
"""How long a reminder that was not sent is shown."""


@bp.get("/letters")
@allow(*STAFF)
def overview() -> Page:
    """Show the newest letters, all or of one state, each with its reason and its next try."""
    asked = request.args.get("state", "")
    moment = now()
    state = next((one for one in LetterState if one.value == asked), None)
    doubtful = outbox.doubtful(limit=MOST)
    rows = doubtful if asked == DOUBTFUL else outbox.letters([state] if state else None, limit=MOST)
    missed = reminders.unsent(since=moment - SHOWN_FOR, limit=MOST)
    names = names_of({row.recipient_id for row in rows} | {one.person_id for one in missed})
    zone = practice().zone
    counts = outbox.counts()
    return render_template(
        "desk/letters.html",
        shown=[_letter(row, names, zone) for row in rows],
        missed=[_missed(one, names, zone) for one in missed],
        late=sum(one.state is ReminderState.EXPIRED for one in missed),
        counts=counts,
        waiting=counts[LetterState.WAITING] + counts[LetterState.RETRY],
        doubtful=len(doubtful),
        states=STATES,
        state=DOUBTFUL if asked == DOUBTFUL else state,
        zone=zone_words(zone),
        most=MOST,
        held=outbox.suspended(),
        no_mail=current_app.config["KINFOLD"].smtp_url is None,
    )


@bp.post("/letters/release")
@allow(*STAFF)
def release() -> Page:
    """Let letters leave again after a restore: those that wait, or none of them."""
    send = request.form.get("what") == "send"
    moment = now()
    if outbox.suspended() is not None:
        many = outbox.resume(
            send=send,
            by=me().key,
            now=moment,
        )
        details = {"sent": send, "waiting": many}
        audit.append(
            "release",
            about="outbox",
            details=details,
            by=me().key,
            now=moment,
        )
        db.session.commit()
        flash(
            f"{many} waiting {'go out now' if send else 'are set aside'}; new letters leave as "
            "usual."
        )
    return redirect(url_for("letters.overview"), 303)


@bp.get("/tasks")
@allow(*STAFF)
def to_do() -> Page:
    """Show what is to be done, the oldest first."""
    rows = tasks.open_tasks(limit=MOST)
    people = _people({row.about_id for row in rows} | {row.for_id for row in rows if row.for_id})
    zone = practice().zone
    shown = [
        {
            "id": row.id,
            "about": people[row.about_id],
            "for": people[row.for_id].name if row.for_id else "the desk",
            "words": row.words,
            "since": moment_words(row.made_at, zone),
            "mine": row.for_id == me().id,
        }
        for row in rows
    ]
    return render_template(
        "desk/tasks.html",
        shown=shown,
        zone=zone_words(zone),
        most=MOST,
    )


@bp.post("/tasks")
@allow(*STAFF)
def finish() -> Page:
    """Mark one task as done."""
    tasks.finish_task(
        request.form.get("task", ""),
        by=me().key,
        now=now(),
    )
    db.session.commit()
    flash("Done. It is off the list for everybody.")
    return redirect(url_for("letters.to_do"), 303)


def alarm() -> str | None:
    """Return what is wrong with the outbox in one sentence for the top of every desk page, None
    when all is well.
    """
    if outbox.suspended() is not None:
        return (
            "Nothing leaves: the outbox is held since a restore. Look at the letters and let "
            "them go."
        )
    since = outbox.late_since(now=now())
    if since is None:
        return None
    when = moment_words(since, practice().zone)
    runs = outbox.worker_is_fresh(within=within(), now=now())
    look = "The worker runs: look at the server they go to." if runs else "Is the worker running?"
    return f"Letters are late: the oldest has been due since {when}. {look}"


def _letter(row: Letter, names: dict[str, str], zone: str) -> dict[str, str | int | None]:
    going = row.state in (LetterState.WAITING, LetterState.RETRY)
    return {
        "to": names.get(row.recipient_id, ""),
        "address": row.address,
        "subject": _subject(row),
        "text": row.channel is Channel.TEXT,
        "state": STATES[row.state],
        "bad": row.state is LetterState.SET_ASIDE,
        "reminder": row.kind == "reminder",
        "next": moment_words(row.due_at, zone) if going else None,
        "tries": row.attempts,
        "when": moment_words(row.sent_at, zone) if row.sent_at else None,
        "doubt": row.ambiguous > 0,
        "reason": None if row.state is LetterState.SENT else row.reason or row.reply,
    }


def _subject(row: Letter) -> str:
    if row.channel is Channel.TEXT:
        return outbox.text_words(row.mime)
    return str(message_from_bytes(row.mime, policy=policy.default)["Subject"])


def _missed(one: Reminder, names: dict[str, str], zone: str) -> dict[str, str | bool]:
    reason = one.reason or ""
    return {
        "to": names.get(one.person_id, ""),
        "what": LEADS[one.lead],
        "due": moment_words(one.due_at, zone),
        "start": moment_words(one.starts_at, zone),
        "late": one.state is ReminderState.EXPIRED,
        "reason": f"{reason[:1].upper()}{reason[1:]}.",
    }


def _people(ids: set[str]) -> dict[str, Person]:
    return {
        row.id: row for row in db.session.scalars(select(Person).where(Person.id.in_(ids))).unique()
    }
