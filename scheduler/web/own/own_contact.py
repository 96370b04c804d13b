"""How a patient or relative is reached, changed by themselves: telephone, zone, language, and a
patient's address; a relative's is what the patient let us write to.
"""

from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import feeds, sms
from scheduler.clinics import typed_field
from scheduler.i18n import LANGUAGES, N_, catalog, zone
from scheduler.invitations import announce, change_contact
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import (
    Contact,
    begin_new_address,
    contact_of,
    has_proved_lately,
    new_address_of,
    practice,
    prove_new_address,
)
from scheduler.people.models import Person, PersonKind
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.auth.cookies import sign_in_secret
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.auth.sign_in import BAD_CODE
from scheduler.web.own.address_letter import Changed, mail_code_to, mail_contact_changed
from scheduler.web.parts.page import Page

bp = Blueprint("own_contact", __name__, url_prefix="/mine/contact")
WRONG = {
    "email": N_("This is no mail address. Write it like name@mail.example."),
    "phone": N_("This is no phone number. Write it like +1 617 555 0123."),
    "zone": N_("Choose a time zone from the list."),
    "language": N_("Choose a language from the list."),
}
PROVE = N_("To change your mail address, sign out and sign in with a new code first.")
MEANWHILE = N_("Your clinic changed this since you opened the page. Look at it again.")
TOO_MANY = N_("You changed your address many times today. Try again tomorrow, or call us.")
OVER = N_("That code has ended. Type your new address again.")
KEPT = N_("Kept. We reach you like this from now on.")
ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/Santo_Domingo",
    "America/Mexico_City",
    "America/Guatemala",
    "America/Bogota",
    "America/Lima",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Madrid",
    "Europe/Paris",
)
"""Where patients and their families mostly are; whoever is elsewhere keeps their own."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, read, and what is wrong with it, by field."""

    contact: Contact
    errors: dict[str, str]


@bp.get("")
@allow(Who.PATIENT, Who.RELATIVE)
def page() -> Page:
    """Show how they are reached."""
    return _page({})


@bp.post("")
@allow(Who.PATIENT, Who.RELATIVE)
def change() -> Page:
    """Change it; another mail address only after a code a moment ago: codes go there."""
    person, moment = me(), now()
    before = contact_of(person)
    typed = _typed(before)
    if typed.errors:
        return _page(typed.errors), 422
    contact = typed.contact
    try:
        if request.form.get("seen") != _seen(before):
            raise Conflict(MEANWHILE)
        kept = replace(contact, email=before.email)
        change_contact(person, kept, seen=before, by=person.key, now=moment)
    except Conflict:
        db.session.rollback()
        return _page({"main": catalog(reader_language())(MEANWHILE)}), 409
    if before.phone and contact.phone != before.phone:
        mail_contact_changed(person, Changed.PHONE, now=moment)
    if contact.email != before.email:
        return _send_code(person, contact.email)
    _follow(person)
    flash(catalog(contact.language)(KEPT))
    return redirect(url_for("own_contact.page"), 303)


def _send_code(person: Person, address: str) -> Page:
    """Send a code to the new address; the rest of what was typed is kept already."""
    moment = now()
    try:
        made = begin_new_address(person, address, by=person.key, now=moment)
    except Conflict:
        db.session.rollback()
        return _page({"email": catalog(reader_language())(TOO_MANY)}), 429
    mail_code_to(person, address, made.digits, until=made.ends_at, now=moment)
    _follow(person)
    return redirect(url_for("own_contact.ask"), 303)


def _follow(person: Person) -> None:
    """Let letters and calendar addresses follow, and keep it."""
    moment = now()
    announce(by=person.key, now=moment, people={person.id})
    feeds.refresh(now=moment, people=[person.id])
    db.session.commit()


@bp.get("/code")
@allow(Who.PATIENT)
def ask() -> Page:
    """Ask for the code that went to the new address."""
    address = new_address_of(me(), now=now())
    if address is None:
        return redirect(url_for("own_contact.page"), 303)
    return render_template("own/new_address.html", address=address, errors={})


@bp.post("/code")
@allow(Who.PATIENT)
def prove() -> Page:
    """Let the new address count; the one of before is told."""
    person, moment = me(), now()
    wanted = new_address_of(person, now=moment)
    address = prove_new_address(person, request.form.get("code", ""), now=moment)
    if address is None:
        db.session.commit()
        return _not_proved(wanted)
    mail_contact_changed(person, Changed.MAIL, now=moment)
    contact = replace(contact_of(person), email=address)
    change_contact(person, contact, by=person.key, now=moment)
    _follow(person)
    flash(catalog(reader_language())(KEPT))
    return redirect(url_for("own_contact.page"), 303)


def _not_proved(address: str | None) -> Page:
    """Return what follows a wrong code: the page again while it stands."""
    _ = catalog(reader_language())
    if address is None:
        return _page({"email": _(OVER)}), 409
    errors = {"code": _(BAD_CODE)}
    shown = render_template("own/new_address.html", address=address, errors=errors)
    return shown, 422


def _typed(before: Contact) -> Typed:
    _ = catalog(reader_language())
    values: dict[str, str | None] = {}
    errors = {}
    for field in _fields():
        words = request.form.get(field, "").strip()
        values[field] = None
        try:
            if words or field == "email":
                values[field] = typed_field(field, words)
        except InputError:
            errors[field] = _(WRONG[field])
    contact = replace(
        before,
        email=values.get("email") or before.email,
        phone=values["phone"],
        zone=values["zone"],
        language=values["language"],
    )
    if contact.email != before.email and not _has_proved():
        errors["email"] = _(PROVE)
    return Typed(contact, errors)


def _is_patient() -> bool:
    return me().kind is PersonKind.PATIENT


def _fields() -> list[str]:
    """Return what whoever is here may change."""
    fields = list(WRONG)
    if not _is_patient():
        fields.remove("email")
    return fields


def _has_proved() -> bool:
    """True if whoever is here gave a code a moment ago."""
    return has_proved_lately(sign_in_secret() or "", now=now())


def _seen(contact: Contact) -> str:
    """Return what tells what the page showed from what others made of it."""
    return "|".join(str(getattr(contact, field) or "") for field in WRONG)


def _page(errors: dict[str, str]) -> str:
    person, language = me(), reader_language()
    contact = contact_of(person)
    seen = _seen(contact)
    values = _values(contact)
    if errors and "main" not in errors:
        seen = request.form.get("seen", seen)
        values |= {field: request.form.get(field, "") for field in _fields()}
    zones = [(name, zone(name, language)) for name in _zones(contact)]
    offered = [(tag, known.name) for tag, known in LANGUAGES.items()]
    return render_template(
        "own/own_contact.html",
        is_patient=_is_patient(),
        errors=errors,
        name=person.name,
        values=values,
        seen=seen,
        zones=zones,
        languages_offered=offered,
        texts=sms.standing_agreement(person) is not None,
    )


def _values(contact: Contact) -> dict[str, str]:
    """Return what stands in the form; what was never said, as it is understood."""
    return {
        "email": contact.email,
        "phone": contact.phone or "",
        "zone": contact.zone or practice().zone,
        "language": contact.language or reader_language(),
    }


def _zones(contact: Contact) -> list[str]:
    """Return the zones to choose from, the clinic's and the patient's own among them."""
    known = list(ZONES)
    for own in (contact.zone, practice().zone):
        if own and own not in known:
            known.insert(0, own)
    return known
