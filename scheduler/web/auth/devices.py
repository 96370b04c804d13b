"""The device page: where somebody stays known without another code or is signed in, and how to
end it.
"""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for

from scheduler import audit
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.people import devices_of, end_devices, end_one, end_others, sign_ins_of
from scheduler.people.models import Person
from scheduler.web.auth.access import Who, allow, has_proved, home_of, me
from scheduler.web.auth.cookies import sign_in_secret
from scheduler.web.auth.kept_device import device_here, local_day
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import day_in
from scheduler.web.parts.page import Page

bp = Blueprint("devices", __name__, url_prefix="/devices")
OTHERS = "others"
"""Instead of one sign-in: all but this one."""
ENDED = N_("Done. A code is asked there from now on.")


@bp.get("/")
@allow(
    Who.PATIENT,
    Who.RELATIVE,
)
def page() -> Page:
    """List the devices on which no code is asked and where they are signed in, this one marked."""
    person = me()
    return render_template(
        "family/devices.html",
        devices=_shown(person),
        sign_ins=_signed_in(person),
        home=home_of(person),
    )


@bp.post("/")
@allow(
    Who.PATIENT,
    Who.RELATIVE,
)
def end() -> Page:
    """End one of them, or all; one that has ended before is no error. What is not this device asks
    for the code first.
    """
    person = me()
    only = request.form.get("device")
    is_this = only is not None and only == device_here(person)
    if not is_this and not has_proved():
        session["next"] = url_for("devices.page")
        return redirect(url_for("sign_in.front"), 303)
    sign_in = request.form.get("sign_in")
    if sign_in is not None:
        return _end_sign_in(person, sign_in)
    ids = None if only is None else [only]
    end_devices(
        person,
        ids,
        by=person.key,
        now=now(),
    )
    db.session.commit()
    flash(catalog(reader_language())(ENDED))
    return redirect(
        url_for("devices.page"),
        303,
    )


def _end_sign_in(person: Person, sign_in: str) -> Page:
    if sign_in == OTHERS:
        end_others(person, sign_in_secret() or "", now=now())
    else:
        end_one(person, sign_in, now=now())
    what = "others" if sign_in == OTHERS else "one"
    audit.append("sign_out", f"person {person.id}", {"what": what}, by=person.key, now=now())
    db.session.commit()
    flash(catalog(reader_language())(ENDED))
    return redirect(url_for("devices.page"), 303)


def _signed_in(person: Person) -> list[dict[str, Any]]:
    here, language = token_hash(sign_in_secret() or ""), reader_language()
    shown = []
    for row in sign_ins_of(person, now=now()):
        since = day_in(language, local_day(row.began_at, person))
        shown.append({"id": row.id, "since": since, "here": row.token_hash == here})
    return shown


def _shown(person: Person) -> list[dict[str, Any]]:
    here, language = device_here(person), reader_language()
    shown = []
    for row in devices_of(
        person,
        now=now(),
    ):
        since = day_in(
            language,
            local_day(row.kept_at, person),
        )
        device = {"id": row.id, "what": row.what, "since": since, "here": row.id == here}
        shown.append(device)
    return shown
