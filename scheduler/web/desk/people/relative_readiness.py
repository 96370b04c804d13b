"""Whether a relative is ready for family sessions: what was decided, by whom, why, until when; and
deciding it anew.
"""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.errors import InputError
from scheduler.people import decide_readiness, names_by_key, practice, readiness_of
from scheduler.people.models import Person
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.family_circle import circle_of, relative_of
from scheduler.web.parts.form_fields import BadDay, bounded_date_field
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import day_words, moment_words
from scheduler.web.preview.look_ahead import act_on_sight, ahead_page

bp = Blueprint("relative_readiness", __name__, url_prefix="/desk/patients")
READY = {"yes": True, "no": False}
MOST_WORDS = 500
"""Letters of a reason."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides of a relative; `until` None: until further notice."""

    ready: bool
    until: date | None
    reason: str

    def words(self, name: str) -> str:
        """Return the decision as a sentence."""
        _ = catalog(reader_language())
        if not self.ready:
            return _("{name} is not ready for family sessions.").format(name=name)
        if self.until is None:
            return _("{name} is ready for family sessions.").format(name=name)
        said = _("{name} is ready for family sessions, through {day}.")
        return said.format(name=name, day=_day(self.until))


@bp.get("/<key>/readiness/<person_key>")
@allow(*STAFF)
def show(key: str, person_key: str) -> Page:
    """Show what was decided of a relative's readiness, the newest first."""
    patient, person = relative_of(key, person_key)
    return _form(patient, person, {})


@bp.post("/<key>/readiness/<person_key>")
@allow(*STAFF)
def decide(key: str, person_key: str) -> Page:
    """Decide it once was seen what leaves."""
    patient, person = relative_of(key, person_key)
    if request.form.get("change"):
        return _form(patient, person, {})
    typed, errors = _typed()
    if typed is None:
        return _form(patient, person, errors), 422
    by, moment = me().key, now()
    name = person.name
    what = typed.words(name)

    def deed() -> None:
        decide_readiness(
            person,
            ready=typed.ready,
            until=typed.until,
            reason=typed.reason,
            by=by,
            now=moment,
        )

    try:
        ahead = act_on_sight(
            deed,
            circle_of(patient),
            by=by,
            now=moment,
        )
    except InputError as error:
        return _form(*relative_of(key, person_key), {"until": str(error)}), 422
    if ahead.is_done:
        flash(what)
        return redirect(url_for("patients.patient", key=key), 303)
    _ = catalog(reader_language())
    return ahead_page(
        ahead,
        title=_("Whether {name} is ready").format(name=name),
        what=[what, typed.reason],
        deed=_("Decide this"),
        back=url_for("patients.patient", key=key),
    )


def _typed() -> tuple[Decision | None, dict[str, str]]:
    """Return what was decided, or None with what is wrong, by field."""
    _ = catalog(reader_language())
    ready = READY.get(request.form.get("ready", ""))
    reason = request.form.get("reason", "").strip()
    errors = {}
    until = None
    if ready is None:
        errors["ready"] = _("Choose whether they are ready.")
    if not reason:
        errors["reason"] = _("Say why, in a few words: the next one at the desk will ask.")
    elif len(reason) > MOST_WORDS:
        errors["reason"] = _("Say it in at most 500 letters.")
    try:
        until = bounded_date_field("until", years_back=0)
    except BadDay as error:
        errors[error.field] = str(error)
    if ready is False and until is not None:
        errors["until"] = _("Not ready has no last day: decide anew when that changes.")
    if errors or ready is None:
        return None, errors
    return Decision(ready, until, reason), {}


def _form(patient: Person, person: Person, errors: dict[str, str]) -> str:
    own = person.relative
    today = practice().day_at(now())
    said = request.form
    usual = "yes" if own is not None and own.is_ready(today) else "no"
    return render_template(
        "desk/people/relative_readiness.html",
        patient=patient,
        person=person,
        errors=errors,
        said=said,
        chosen=said.get("ready", usual),
        is_ready=usual == "yes",
        until=_day(own.ready_until) if own is not None else "",
        history=_history(person),
    )


def _history(person: Person) -> list[dict[str, str]]:
    """Return every decision in words, the newest first."""
    _ = catalog(reader_language())
    names = names_by_key()
    zone = practice().zone
    shown = []
    for decision in readiness_of(person):
        words = Decision(
            decision.ready,
            decision.until,
            decision.reason,
        )
        shown.append(
            {
                "what": words.words(person.name),
                "why": decision.reason,
                "who": names.get(decision.decided_by, _("the clinic")),
                "when": moment_words(decision.decided_at, zone),
            }
        )
    return shown


def _day(day: date | None) -> str:
    if day:
        return f"{day_words(day)} {day.year}"
    return ""
