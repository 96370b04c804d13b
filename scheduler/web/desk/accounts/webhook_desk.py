"""Programs that are told what happened: listed with what they took, made, ended."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import practice
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page, sentence
from scheduler.web.parts.time_words import moment_words
from scheduler.web.preview.form_turn import lead_second_to
from scheduler.webhooks import Event, all_webhooks, delivery_counts, end_webhook, failing
from scheduler.webhooks import make_webhook as make_hook
from scheduler.webhooks.models import DeliveryState

bp = Blueprint("webhook_desk", __name__, url_prefix="/desk/webhooks")
EVENT_WORDS = {
    Event.SESSION_CHANGED: N_("a session is new, moved or cancelled"),
    Event.ANSWER_GIVEN: N_("somebody answered"),
    Event.TASK_MADE: N_("there is a new task"),
}
STATE_WORDS = {
    DeliveryState.WAITING: N_("waiting"),
    DeliveryState.SENT: N_("taken"),
    DeliveryState.GIVEN_UP: N_("given up"),
}


@bp.get("")
@allow(*STAFF)
def overview() -> Page:
    """List the addresses that are told, and what became of it."""
    return _page({})


@bp.post("")
@allow(*STAFF)
def make() -> Page:
    """Tell an address from now on, and show its secret once."""
    events = []
    for event in Event:
        if event in request.form.getlist("events"):
            events.append(event)
    name = request.form.get("name", "").strip()
    try:
        secret = make_hook(
            name,
            request.form.get("address", ""),
            events,
            by=me().key,
            now=now(),
        )
    except (InputError, Conflict) as error:
        db.session.rollback()
        return _page({_field(error): sentence(error)}), 422
    db.session.commit()
    lead_second_to(url_for("webhook_desk.overview"))
    return _page({}, secret=secret, made=name)


def _field(error: Exception) -> str:
    """Return which field a refusal is about."""
    words = str(error)
    if words.startswith("the address"):
        return "address"
    return "events" if "event" in words else "name"


@bp.post("/<name>/end")
@allow(*STAFF)
def end(name: str) -> Page:
    """Tell an address nothing more."""
    end_webhook(name, by=me().key, now=now())
    db.session.commit()
    flash(catalog(reader_language()).gettext("It is told nothing more."))
    return redirect(url_for("webhook_desk.overview"), 303)


def _page(errors: dict[str, str], *, secret: str = "", made: str = "") -> str:
    _ = catalog(reader_language())
    counted = delivery_counts()
    counts = [(_(STATE_WORDS[state]), many) for state, many in counted.items()]
    return render_template(
        "desk/accounts/webhooks.html",
        rows=_rows(),
        counts=counts,
        failing=failing(),
        events=[(event.value, _(words)) for event, words in EVENT_WORDS.items()],
        chosen=request.form.getlist("events") or list(Event),
        said=request.form if errors else {},
        errors=errors,
        secret=secret,
        made=made,
    )


def _rows() -> list[dict[str, object]]:
    _ = catalog(reader_language())
    zone = practice().zone
    shown: list[dict[str, object]] = []
    for hook in all_webhooks():
        events = [_(EVENT_WORDS[event]) for event in hook.events]
        row: dict[str, object] = {
            "name": hook.name,
            "address": hook.address,
            "events": events,
            "made": moment_words(hook.made_at, zone),
            "open": hook.ended_at is None,
        }
        shown.append(row)
    return shown
