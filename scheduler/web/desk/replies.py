"""Staff's page of mailed answers that wait for a person: proposals of another time, and what is not
certain.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import feeds, invitations, outbox
from scheduler.i18n import N_, catalog
from scheduler.invitations import PATIENCE, waiting_replies
from scheduler.invitations.model.models import HeldKind, HeldReply
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.kernel.errors import Conflict, InputError, NotFound
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sessions import is_within_reach, session_by_key
from scheduler.sessions.models import Session
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import (
    ChangePreview,
    change_preview,
    looked_at,
    remember,
    tell,
)
from scheduler.web.desk.changes.places_offered import Place, places_for
from scheduler.web.family.home.shown_dates import SAID
from scheduler.web.family.invitation import ANSWERS
from scheduler.web.parts.letter_words import subject_of
from scheduler.web.parts.letters_shown import by_reader, leaves_of
from scheduler.web.parts.page import Page, previewed, sentence
from scheduler.web.parts.time_words import moment_words, span_words, zone_words

bp = Blueprint("replies", __name__, url_prefix="/desk/replies")
LOOK_FIRST = N_("Look at what it does first; the session may have changed meanwhile")
DECIDED = {
    "decline": N_("The proposal is declined. Everything stays as it was."),
    "count": N_("The answer counts."),
    "no": N_("It counts as a no."),
    "stop": N_("Nothing more is written to them."),
    "wrong": N_("Nothing goes to that address any more. What was read there is a task now."),
    "aside": N_("Put aside. Nobody is told."),
}


DEEDS: dict[str, Callable[..., object]] = {
    "decline": invitations.decline_proposal,
    "count": invitations.count_answer,
    "stop": invitations.stop_writing,
    "wrong": invitations.take_as_wrong_address,
    "aside": invitations.set_reply_aside,
}


@bp.get("/")
@allow(*STAFF)
def overview() -> Page:
    """Show what waits, the oldest first."""
    return _page({})


@bp.post("/<held_id>")
@allow(*STAFF)
def decide(held_id: str) -> Page:
    """Do what was chosen for one of them; nothing is chosen beforehand."""
    held = _held(held_id)
    _ = catalog(reader_language())
    chosen = request.form.get("decision", "")
    by = me().key
    moment = now()
    try:
        if chosen == "accept":
            return _accept(held, by, moment)
        if chosen == "no":
            invitations.count_as_no(held, _dates_chosen(held), by=by, now=moment)
        elif chosen in DEEDS:
            DEEDS[chosen](held, by=by, now=moment)
        else:
            return _page({f"reply-{held_id}": _("Choose what to do.")}), 422
    except (Conflict, InputError) as error:
        return _refused(held_id, error)
    db.session.commit()
    flash(catalog(reader_language())(DECIDED[chosen]))
    return redirect(url_for("replies.overview"), 303)


@bp.post("/<held_id>/look")
@allow(*STAFF)
def look(held_id: str) -> Page:
    """Show what taking up a proposal would do, by doing it and undoing it: nothing of it is
    kept.
    """
    by = me().key
    try:
        with previewed():
            held = _held(held_id)
            row = invitations.proposed_for(held, now=now())
            _refuse_far(held, row)
            key = row.key
            seen = row.version
            done = _moved(
                held,
                row,
                by,
                now(),
            )
            told = by_reader(leaves_of(done.told))
    except (Conflict, InputError) as error:
        return _refused(held_id, error)
    return looked_at(
        session_by_key(key),
        done,
        told,
        back=url_for("replies.overview"),
        action=url_for("replies.decide", held_id=held_id),
        asked={"decision": "accept", "seen": str(seen)},
        places=_places(key, held) if done.news.broken else (),
    )


def _places(key: str, held: HeldReply) -> list[Place]:
    """Return the nearest places that work instead of the one proposed."""
    row = session_by_key(key)
    assert held.starts_at is not None
    wall = held.starts_at.astimezone(ZoneInfo(row.zone)).replace(tzinfo=None)
    return places_for(key, to=wall, minutes=row.minutes)


def _accept(held: HeldReply, by: str, moment: datetime) -> Response:
    """Move the session as it was shown; on its page it can be put back."""
    row = invitations.proposed_for(held, now=moment)
    _refuse_far(held, row)
    if request.form.get("seen") != str(row.version):
        raise Conflict(catalog(reader_language())(LOOK_FIRST))
    done = _moved(
        held,
        row,
        by,
        moment,
        patience=PATIENCE,
    )
    if done.news.refusal:
        raise Conflict(done.news.refusal)
    feeds.refresh_changed(now=moment)
    db.session.commit()
    remember(done, reply=held.id)
    tell(catalog(reader_language()).gettext("Moved as proposed"), len(done.lines), done.told)
    return redirect(url_for("session_edit.page", key=row.key), 303)


def _refuse_far(held: HeldReply, row: Session) -> None:
    """Refuse a time that no session may be moved to, before any work. Raises Conflict."""
    start = held.starts_at
    if start is not None and not is_within_reach(row, start.date(), today=practice().day_at(now())):
        said = N_("The time proposed is more than two years from today")
        raise Conflict(catalog(reader_language())(said))


def _moved(
    held: HeldReply, row: Session, by: str, moment: datetime, patience: timedelta = timedelta()
) -> ChangePreview:
    def accept() -> list[Session]:
        return [invitations.accept_proposal(held, by=by, now=moment)]

    return change_preview(
        [row],
        accept,
        by=by,
        now=moment,
        patience=patience,
    )


def _held(held_id: str) -> HeldReply:
    held = db.session.get(HeldReply, held_id)
    if held is None:
        raise NotFound("there is no such answer")
    return held


def _refused(held_id: str, error: Exception) -> tuple[str, int]:
    db.session.rollback()
    reading()
    return _page({f"reply-{held_id}": sentence(error)}), 409


def _page(errors: dict[str, str]) -> str:
    zone = practice().zone
    shown = [_shown(held, zone) for held in waiting_replies()]
    return render_template(
        "desk/replies.html",
        shown=shown,
        zone=zone_words(zone),
        errors=errors,
    )


def _shown(held: HeldReply, zone: str) -> dict[str, object]:
    """Return what the page says of one answer, its times in `zone`."""
    _ = catalog(reader_language())
    dates = _dates_about(held, zone)
    proposed = _time_proposed(held, zone)
    is_proposal = held.kind is HeldKind.PROPOSAL
    return {
        "id": held.id,
        "who": _who(held),
        "patient": _patient_of(held),
        "sender": held.sender or _("no single sender"),
        "reason": sentence(_(held.reason)),
        "came": moment_words(held.came_at, zone),
        "about": dates[0] if len(dates) == 1 else None,
        "many": dates if len(dates) > 1 else [],
        "proposed": proposed,
        "said": _(ANSWERS[SAID[held.answer]]) if held.answer else None,
        "comment": held.comment,
        "proposal": is_proposal,
        "can_move": is_proposal and proposed is not None and len(dates) == 1,
        "unsure": held.kind is HeldKind.UNSURE and held.answer is not None,
        "letter": _letter_answered(held),
    } | _about_words(held)


def _about_words(held: HeldReply) -> dict[str, object]:
    """Return what can be made of words that a person wrote."""
    is_words = held.kind is HeldKind.WORDS
    is_relatives = invitations.is_relative(held.person)
    is_about_a_letter = held.letter_id is not None
    return {
        "quoted": held.quoted,
        "can_be_no": _can_be_no(held),
        "can_stop": is_words and is_relatives,
        "can_be_wrong": is_words and is_about_a_letter,
    }


def _can_be_no(held: HeldReply) -> list[tuple[str, str]]:
    """Return the dates ahead, by name and in words, that words of a person may be a no to; of their
    calendar address, too.
    """
    if held.kind is not HeldKind.WORDS or held.invitation is None:
        return []
    zone = practice().zone
    found = []
    for date in invitations.dates_of_page(held.invitation):
        if date.begins_at > now():
            words = span_words(date.begins_at, date.ends_at, zone, zone)
            found.append((date.recurrence.isoformat(), words))
    return found


def _dates_chosen(held: HeldReply) -> list[datetime]:
    """Return the dates that were ticked. Raises InputError where none of several was."""
    ahead = dict(_can_be_no(held))
    chosen = []
    for name in request.form.getlist("date"):
        if name in ahead:
            chosen.append(datetime.fromisoformat(name))
    if not chosen and len(ahead) > 1:
        said = N_("Choose the dates that they cannot come to")
        raise InputError(catalog(reader_language())(said))
    return chosen


def _letter_answered(held: HeldReply) -> dict[str, str] | None:
    """Return the letter that a mail answers: its id and its subject."""
    letters = outbox.letters_by_id([held.letter_id] if held.letter_id else [])
    for letter in letters.values():
        return {"id": letter.id, "subject": subject_of(letter)}
    return None


def _time_proposed(held: HeldReply, zone: str) -> str | None:
    """Return the other time that an answer proposes, in words; None when it proposes none."""
    if held.starts_at is None or held.ends_at is None:
        return None
    return span_words(held.starts_at, held.ends_at, zone, zone)


def _patient_of(held: HeldReply) -> Person | None:
    if held.invitation is None:
        return None
    return db.session.get(Person, held.invitation.patient_id)


def _dates_about(held: HeldReply, zone: str) -> list[str]:
    """Return the dates that an answer may be about, in words: those that were ahead as it came, of
    their calendar address, too.
    """
    if held.invitation is None:
        return []
    dates = []
    for date in invitations.dates_of_page(held.invitation):
        is_ahead = date.begins_at > held.came_at
        if is_ahead and held.recurrence in {None, date.recurrence}:
            dates.append(
                span_words(
                    date.begins_at,
                    date.ends_at,
                    zone,
                    zone,
                )
            )
    return dates


def _who(held: HeldReply) -> str:
    """Name whom it is certainly from; where it is not certain, the sender stands first."""
    _ = catalog(reader_language())
    name = held.person.name if held.person else _("somebody we cannot name")
    if held.kind is HeldKind.PROPOSAL:
        return name
    said = _("{sender}, in the name of {name}")
    return said.format(sender=held.sender or _("No single sender"), name=name)
