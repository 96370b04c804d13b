"""Under which words a relative's letters come: the patient changes what they agreed on."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import agree_sender, practice, relatives_of, sender_name
from scheduler.people.models import Person
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page
from scheduler.web.portal.consent_form import bad_sender

bp = Blueprint("sender_choice", __name__, url_prefix="/mine/sharing")


@bp.get("/<person_key>/sender")
@allow(Who.PATIENT)
def page(person_key: str) -> Page:
    """Show the words that somebody's letters come under."""
    person = _relative(person_key)
    assert person.relative is not None
    return _page(person, person.relative.letters_from or "", {})


@bp.post("/<person_key>/sender")
@allow(Who.PATIENT)
def change(person_key: str) -> Page:
    """Let their letters come under other words from now on."""
    person = _relative(person_key)
    typed = request.form.get("letters_from", "")
    _ = catalog(reader_language())
    try:
        agree_sender(person, typed, by=me().key, now=now())
    except InputError:
        return _page(person, typed, {"letters_from": bad_sender(reader_language())}), 422
    name = person.name
    words = sender_name(person)
    db.session.commit()
    flash(_("Letters to {person} now come from “{sender}”.").format(person=name, sender=words))
    return redirect(url_for("consent_withdraw.sharing", lang=request.form.get("lang")), 303)


def _relative(key: str) -> Person:
    by_key = {relative.key: relative for relative in relatives_of(me())}
    return by_key.get(key) or abort(404)


def _page(person: Person, typed: str, errors: dict[str, str]) -> str:
    return render_template(
        "portal/agreed_sender.html",
        person=person,
        typed=typed,
        usual=practice().outward_name,
        errors=errors,
        language=reader_language(),
    )
