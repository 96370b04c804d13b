"""Where every letter is, and why; what is held back after a restore."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from scheduler import audit, outbox, reminders
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox.models import Channel, Letter, LetterState
from scheduler.people import names_by_id, practice
from scheduler.reminders.models import Reminder, ReminderState
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.mail.closed_address import closed_shown
from scheduler.web.desk.reminders import LEADS
from scheduler.web.ops.health import within
from scheduler.web.parts.letter_words import subject_of
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import moment_words, zone_words

bp = Blueprint("letters", __name__, url_prefix="/desk")
STATES = {
    LetterState.WAITING: N_("Waiting"),
    LetterState.RETRY: N_("Will be tried again"),
    LetterState.SENDING: N_("On the way"),
    LetterState.SENT: N_("Sent"),
    LetterState.SET_ASIDE: N_("Set aside"),
    LetterState.EXPIRED: N_("Too late, not sent"),
    LetterState.SUPPRESSED: N_("Not needed any more"),
}
DOUBTFUL = "doubtful"
MOST = 200
SHOWN_FOR = timedelta(days=14)
"""How long a reminder that was not sent is shown."""


@bp.get("/letters")
@allow(*STAFF)
def overview() -> Page:
    """Show the newest letters, all or of one state, each with its reason and its next try."""
    _ = catalog(reader_language())
    state = _asked_state()
    doubtful = outbox.doubtful(limit=MOST)
    letters = doubtful if state == DOUBTFUL else _letters_of(state)
    missed = reminders.unsent(since=now() - SHOWN_FOR, limit=MOST)
    readers = {letter.recipient_id for letter in letters}
    names = names_by_id(readers | {reminder.person_id for reminder in missed})
    zone = practice().zone
    counts = outbox.counts()
    return render_template(
        "desk/letters.html",
        shown=[_letter(letter, names, zone) for letter in letters],
        missed=[_missed(reminder, names, zone) for reminder in missed],
        late=_how_many_late(missed),
        counts=counts,
        waiting=_how_many_wait(counts),
        doubtful=len(doubtful),
        states={value: _(words) for value, words in STATES.items()},
        state=state,
        zone=zone_words(zone),
        most=MOST,
        held=outbox.suspended(),
        closed=closed_shown(zone),
        no_mail=current_app.config["KINFOLD"].smtp_url is None,
    )


def _how_many_wait(counts: Mapping[LetterState, int]) -> int:
    waiting = counts[LetterState.WAITING]
    again = counts[LetterState.RETRY]
    return waiting + again


def _how_many_late(missed: Sequence[Reminder]) -> int:
    late = 0
    for reminder in missed:
        if reminder.state is ReminderState.EXPIRED:
            late += 1
    return late


def _asked_state() -> str:
    """Return the state that was asked for, `DOUBTFUL`, or "" for letters of every state."""
    asked = request.args.get("state", "")
    if asked == DOUBTFUL or asked in set(LetterState):
        return asked
    return ""


def _letters_of(state: str) -> Sequence[Letter]:
    return outbox.letters([LetterState(state)] if state else None, limit=MOST)


@bp.post("/letters/release")
@allow(*STAFF)
def release() -> Page:
    """Let letters leave again after a restore: those that wait, or none of them."""
    send = request.form.get("what") == "send"
    moment = now()
    if outbox.suspended() is not None:
        waiting = outbox.resume(
            send=send,
            by=me().key,
            now=moment,
        )
        details = {"sent": send, "waiting": waiting}
        audit.append(
            "release",
            about="outbox",
            details=details,
            by=me().key,
            now=moment,
        )
        db.session.commit()
        flash(_released(waiting, send=send))
    return redirect(url_for("letters.overview"), 303)


def _released(waiting: int, *, send: bool) -> str:
    _ = catalog(reader_language())
    said = _("{count} waiting are set aside; new letters leave as usual.")
    if send:
        said = _("{count} waiting go out now; new letters leave as usual.")
    return said.format(count=waiting)


def alarm() -> str | None:
    """Return what is wrong with the outbox in one sentence for the top of every desk page, None
    when all is well.
    """
    _ = catalog(reader_language())
    if outbox.suspended() is not None:
        return _(
            "Nothing but sign-in codes leaves: the outbox is held since a restore. Look at the "
            "letters and let them go."
        )
    since = outbox.late_since(now=now())
    if since is None:
        return None
    said = _("Letters are late: the oldest has been due since {when}. Is the worker running?")
    if outbox.worker_is_fresh(within=within(), now=now()):
        said = _(
            "Letters are late: the oldest has been due since {when}. The worker runs: look at the "
            "server they go to."
        )
    return said.format(when=moment_words(since, practice().zone))


def _letter(row: Letter, names: dict[str, str], zone: str) -> dict[str, str | int | None]:
    going = row.state in (LetterState.WAITING, LetterState.RETRY)
    return {
        "to": names.get(row.recipient_id, ""),
        "address": row.address,
        "id": row.id,
        "subject": subject_of(row),
        "text": row.channel is Channel.TEXT,
        "state": catalog(reader_language())(STATES[row.state]),
        "bad": row.state is LetterState.SET_ASIDE,
        "reminder": row.kind == "reminder",
        "next": moment_words(row.due_at, zone) if going else None,
        "tries": row.attempts,
        "when": moment_words(row.sent_at, zone) if row.sent_at else None,
        "doubt": row.ambiguous > 0,
        "reason": None if row.state is LetterState.SENT else _why(row),
    }


def _why(row: Letter) -> str | None:
    """Return why a letter has not left: in our own words, else in those of the server."""
    if row.reason:
        return catalog(reader_language()).gettext(row.reason)
    return row.reply


def _missed(reminder: Reminder, names: dict[str, str], zone: str) -> dict[str, str | bool]:
    reason = reminder.reason or ""
    return {
        "to": names.get(reminder.person_id, ""),
        "what": catalog(reader_language())(LEADS[reminder.lead]),
        "due": moment_words(reminder.due_at, zone),
        "start": moment_words(reminder.starts_at, zone),
        "late": reminder.state is ReminderState.EXPIRED,
        "reason": f"{reason[:1].upper()}{reason[1:]}.",
    }
