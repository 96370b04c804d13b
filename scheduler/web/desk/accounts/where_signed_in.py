"""Where a member of staff is signed in, and ending one of these or all."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import audit
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.people import end_all, end_one, practice, sign_ins_of
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.cookies import sign_in_secret
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import moment_words

bp = Blueprint("where_signed_in", __name__, url_prefix="/desk/sign-ins")


@bp.get("")
@allow(*STAFF)
def page() -> Page:
    """List the browsers, this one marked."""
    here = token_hash(sign_in_secret() or "")
    zone = practice().zone
    rows = []
    for row in sign_ins_of(me(), now=now()):
        rows.append(
            {
                "id": row.id,
                "began": moment_words(row.began_at, zone),
                "seen": moment_words(row.seen_at, zone),
                "here": row.token_hash == here,
            }
        )
    return render_template("desk/accounts/sign_ins.html", rows=rows)


@bp.post("")
@allow(*STAFF)
def end() -> Page:
    """End one, or all of them, this one too."""
    person, only = me(), request.form.get("row")
    if only:
        end_one(person, only, now=now())
    else:
        end_all(person, now=now())
    what = "one" if only else "all"
    audit.append("sign_out", f"person {person.id}", {"what": what}, by=person.key, now=now())
    db.session.commit()
    flash(catalog(reader_language()).gettext("Done. A password is asked there from now on."))
    return redirect(url_for("where_signed_in.page"), 303)
