"""Two at one moment: a form carries when its page was opened, and is done once, one after another.

The second of two is told who was first, when, and what was done (409); the very same form sent
twice is done once, and the second leads where the first led.
"""

import hashlib
import re
import secrets
import time
from datetime import datetime

from flask import Flask, flash, g, has_request_context, redirect, request, session
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people import (
    Turn,
    end_turn,
    forget_old_turns,
    names_by_key,
    practice,
    take_turn,
    turn_led_to,
)
from scheduler.web.auth.access import whoami
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.time_words import moment_words

FIELD = "opened"
OPENED = re.compile(r"([1-9a-f][0-9a-f]{0,15})\.[0-9a-f]{16}")
DESK = "/desk"
OWN = frozenset({"second_factor", "staff_passkeys", "where_signed_in"})
"""Under the desk a form is everybody's, but for these blueprints; elsewhere it belongs to whoever
is here.
"""
MOST_SAID = 300
PIECE = 256 * 1024
"""Octets of a file that are looked at together."""
PATIENCE = 40
"""How often the second of two clicks asks where the first has led, 50 ms apart."""
ANY_NUMBER = frozenset(
    {
        "address_dates",
        "agenda.join",
        "cannot_come.make_up",
        "catch_up.ask",
        "cohorts.to_print",
        "consent_give.preview",
        "consent_give.send_code",
        "consent_withdraw.look",
        "consent_withdraw.look_all",
        "disclosures.to_print",
        "evening_desk.go_in",
        "file_at_desk.download",
        "forgotten",
        "invitation.check",
        "invitation.send",
        "join",
        "mailbox",
        "people_search.find",
        "open_evening",
        "other_leader.look",
        "own_contact.prove",
        "own_password",
        "passkey_step",
        "password_link",
        "phones",
        "replies.look",
        "second_step",
        "session_edit.look",
        "session_news",
        "session_room",
        "set_up",
        "sign_in",
        "sms_webhook",
        "staff_passkeys.begin",
        "tech_check",
        "watch_recording",
    }
)
"""Blueprints and views that overwrite nobody's word: asking for a code, going in, looking
ahead, printing, coming and going, what was read.
"""
ONCE_EACH = frozenset(
    {
        "attendance.save",
        "break_glass",
        "busy_calendar.read_again",
        "consent_withdraw",
        "contact_details.change",
        "devices.end",
        "evening_desk.announce",
        "free_hours.change",
        "keep_out",
        "lost_factor",
        "make_up_seat",
        "own_passkeys",
        "own_week",
        "patient_admission",
        "patient_appointments",
        "patient_details.change",
        "program_week",
        "relative_addition",
        "roster_pages.bring",
        "safe_hours",
        "safe_hours_desk",
        "session_place.note",
        "setup_pages",
        "staff_accounts.end_for_a_time",
        "staff_accounts.give_for_a_time",
        "staff_accounts.invite_somebody",
        "staff_accounts.make_link",
        "staff_passkeys",
        "webhook_desk",
        "staff_accounts.sign_out_somebody",
        "where_signed_in.end",
    }
)
"""Views that make something new each time, that compare what was shown themselves and say the
difference, whose marks of different people all stand, or that stop something, which is never
refused: only the very same form is done once.
"""
ABOUT = ("authority", "task", "program", "audience", "person", "device", "date", "cohort")
"""Fields that say which of many on a page a form is about."""
YOURS = N_("You sent this form from another browser after you opened it here: {when}.")
YOURS_SAID = N_(
    "You sent this form from another browser after you opened it here: {when}. It said: {said}"
)
LATER = N_("{name} sent this form after you opened it: {when}.")
LATER_SAID = N_("{name} sent this form after you opened it: {when}. It said: {said}")
UNDONE = N_("Nothing of yours was done: look at it anew, then decide again.")
TWICE = N_("This form was sent twice; it was done once.")
SOMEBODY = N_("Somebody")


def add_form_turns(app: Flask) -> None:
    """Let every form carry when it was opened, and take its turn before it is done."""
    app.before_request(_note_opening)
    app.before_request(take_its_turn)
    app.after_request(_end)
    app.jinja_env.globals["opened"] = opened


def opened() -> str:
    """Return what a form carries: when its page was asked for, and a sign of its own."""
    began = g.get("opened_ns") if has_request_context() else None
    return f"{began or time.time_ns():x}.{secrets.token_hex(8)}"


def lead_second_to(place: str) -> None:
    """Say where the second of two clicks goes when the first is answered with a page."""
    g.second_goes_to = place


def opened_at(field: str) -> int | None:
    """Return when a form was opened in nanoseconds since 1970; None if it does not say."""
    said = OPENED.fullmatch(field)
    return int(said[1], 16) if said else None


def kind_of_turn(endpoint: str) -> str:
    """Return how two at one moment are met: `any` number, `once` each, or `one` of them."""
    named = {endpoint, endpoint.partition(".")[0]}
    if named & ANY_NUMBER:
        return "any"
    return "once" if named & ONCE_EACH else "one"


def _note_opening() -> None:
    g.opened_ns = time.time_ns()


def take_its_turn() -> Response | None:
    """Lock the form at hand until the transaction ends, anew where a look ahead has undone it;
    return the way to what the first of two clicks did.
    """
    moment = opened_at(request.form.get(FIELD, "")) if request.method == "POST" else None
    if moment is None or request.endpoint is None:
        return None
    kind = kind_of_turn(request.endpoint)
    if kind == "any":
        return None
    person = whoami()
    by = person.key if person else ""
    form, sent = _form_hash(by), _sent_hash()
    before = take_turn(
        form,
        sent=sent,
        opened_ns=moment,
        by=by,
        browser=_browser(),
        until_ns=time.time_ns(),
        now=now(),
    )
    g.opened_ns = time.time_ns()
    db.session.expire_all()
    if before.is_same:
        return _where_it_led(before, form)
    if kind == "one" and before.is_newer and before.is_others:
        g.onward = before.leads_to
        raise Conflict(
            faster(
                before.by,
                before.at,
                by=by,
                said=before.said,
            )
        )
    g.turn = (form, sent)
    return None


def _where_it_led(before: Turn, form: str) -> Response:
    """Return the way to what the first of two clicks did, which may be about to say it."""
    place, said = before.leads_to, before.said
    db.session.rollback()
    for _wait in range(PATIENCE):
        if place:
            break
        time.sleep(0.05)
        place, said = turn_led_to(form)
        db.session.rollback()
    done_once = catalog(reader_language())(TWICE)
    if not place:
        raise Conflict(done_once)
    if not said:
        flash(done_once)
    return redirect(place, 303)


def faster(first: str, at: datetime, *, by: str, said: str = "") -> str:
    """Return the words for `by`, whose form the person `first` was faster with, and what it
    `said`.
    """
    _ = catalog(reader_language())
    name = names_by_key().get(first) or _(SOMEBODY)
    when = moment_words(at, practice().zone)
    is_theirs = bool(by) and first == by
    words = (YOURS_SAID, YOURS) if is_theirs else (LATER_SAID, LATER)
    told = _(words[0] if said else words[1]).format(
        name=name,
        when=when,
        said=said,
    )
    return " ".join((told, _(UNDONE)))


def _browser() -> str:
    """Return what tells this browser from others: what its forms' tokens are made from, hashed."""
    return hashlib.sha256(str(session.get("csrf_token", "")).encode()).hexdigest()


def _end(answer: Response) -> Response:
    """Note where a form led that was done."""
    turn = g.pop("turn", None)
    place = g.pop("second_goes_to", "")
    if answer.status_code in {302, 303}:
        place = answer.headers.get("Location", "")
    elif not place:
        return answer
    if turn is None:
        return answer
    told = [words for _kind, words in session.get("_flashes", [])]
    form, sent = turn
    try:
        db.session.rollback()
        end_turn(
            form,
            sent=sent,
            until_ns=time.time_ns(),
            said=" ".join(told)[:MOST_SAID],
            leads_to=place if place.startswith("/") else "",
        )
        forget_old_turns(now=now())
        db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()  # the deed itself is done and kept
    return answer


def _form_hash(by: str) -> str:
    """Return what tells this form from others: its address, and which of many it is about."""
    is_shared = request.path.startswith(DESK) and request.blueprint not in OWN
    about = [request.path, "" if is_shared else by]
    for name in ABOUT:
        about.append(request.form.get(name, ""))
    return hashlib.sha256(repr(about).encode()).hexdigest()


def _sent_hash() -> str:
    """Return what tells a form as it was filled in from others: its fields, and what is in its
    files.
    """
    said = sorted(request.form.items(multi=True))
    for name, file in request.files.items(multi=True):
        content = hashlib.sha256()
        while piece := file.stream.read(PIECE):
            content.update(piece)
        file.stream.seek(0)
        said.append((name, content.hexdigest()))
    return hashlib.sha256(repr(said).encode()).hexdigest()
