"""The device page: where somebody stays known without another code, and how to end it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import devices_of, end_devices
from scheduler.people.models import Person
from scheduler.web.auth.access import Who, allow, home_of, me
from scheduler.web.auth.kept_device import device_here, local_day
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import day_in
from scheduler.web.parts.page import Page

bp = Blueprint("devices", __name__, url_prefix="/devices")
ENDED = N_("Done. A code is asked there from now on.")


@bp.get("/")
@allow(
    Who.PATIENT,
    Who.RELATIVE,
)
def page() -> Page:
    """List the devices on which no code is asked, this one marked."""
    person = me()
    return render_template(
        "family/devices.html",
        devices=_shown(person),
        home=home_of(person),
    )


@bp.post("/")
@allow(
    Who.PATIENT,
    Who.RELATIVE,
)
def end() -> Page:
    """End one of them, or all; one that has ended before is no error."""
    person = me()
    only = request.form.get("device")
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
