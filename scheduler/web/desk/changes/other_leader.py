"""A colleague in a leader's place: chosen, shown with who is told, then done."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for

from scheduler import feeds
from scheduler.i18n import N_, catalog
from scheduler.invitations import PATIENCE
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import all_clinicians, names_by_id, names_by_key
from scheduler.people.models import Person
from scheduler.planning import (
    Finding,
    NewFindings,
    Rule,
    colleagues_for,
    let_lead,
    let_lead_onward,
)
from scheduler.sessions import session_by_key, sessions_from
from scheduler.sessions.models import Session, Status
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import (
    ChangePreview,
    change_preview,
    looked_at,
    tell,
    when_words,
)
from scheduler.web.desk.changes.form_words import reach_of
from scheduler.web.desk.truth.session_wish import typed
from scheduler.web.parts.letters_shown import by_reader, leaves_of
from scheduler.web.parts.page import Page, previewed
from scheduler.web.parts.time_words import named, title_words, zone_words

bp = Blueprint("other_leader", __name__, url_prefix="/desk/sessions")
FIELDS = ("leaves", "comes", "onward")
OUTDATED = N_(
    "The session is no longer as you were shown it. Nothing was changed: look at it anew."
)


@bp.get("/<key>/lead")
@allow(*STAFF)
def page(key: str) -> Page:
    """Show who leads a session and which colleagues could."""
    return _form(session_by_key(key))


@bp.route("/<key>/lead/look", methods=["GET", "POST"])
@allow(*STAFF)
def look(key: str) -> Page:
    """Show what another leader does, by doing it and undoing it: nothing of it is kept, so it has
    an address that can be gone back to.
    """
    try:
        with previewed():
            row = session_by_key(key)
            seen = row.version
            done = _do(row, timedelta())
            if done.news.refusal:
                raise Conflict(done.news.refusal)
            told = by_reader(leaves_of(done.told))
    except (Conflict, InputError) as error:
        return _form(session_by_key(key), str(error)), 409
    said = typed()
    asked = {name: said[name] for name in FIELDS if name in said}
    return looked_at(
        session_by_key(key),
        done,
        told,
        back=url_for("other_leader.page", key=key),
        action=url_for("other_leader.change", key=key),
        asked=asked | {"seen": str(seen)},
        deed="lead",
    )


@bp.post("/<key>/lead")
@allow(*STAFF)
def change(key: str) -> Page:
    """Do what was shown, unless the session was changed meanwhile."""
    row = session_by_key(key)
    _ = catalog(reader_language())
    if request.form.get("seen") != str(row.version):
        raise Conflict(_(OUTDATED))
    done = _do(row, PATIENCE)
    if done.news.refusal:
        raise Conflict(done.news.refusal)
    feeds.refresh_changed(now=now())
    db.session.commit()
    tell(_("Led by another"), len(done.lines), done.told)
    return redirect(url_for("session_edit.page", key=key), 303)


def _do(row: Session, patience: timedelta) -> ChangePreview:
    moment = now()
    leaves = _clinician("leaves")
    comes = _clinician("comes")

    by = me().key
    left: list[str] = []

    def lead() -> list[Session]:
        if not is_onward():
            return let_lead(row, leaves=leaves, comes=comes, by=by, now=moment)
        onward = let_lead_onward(row, leaves=leaves, comes=comes, by=by, now=moment)
        left.extend(onward.left)
        return onward.done

    concerned = sessions_from(row, onward=is_onward(), now=moment)
    before = {session.id: _led(session) for session in concerned}
    done = change_preview(
        concerned,
        lead,
        by=by,
        now=moment,
        patience=patience,
    )
    lines = []
    for session in concerned:
        if _led(session) != before[session.id]:
            lines.append((before[session.id], _names(session)))
    return replace(done, lines=lines, news=_with_left(done.news, left))


def is_onward() -> bool:
    """True if all that follow in the series are meant, too."""
    return typed().get("onward") == "1"


def _with_left(news: NewFindings, left: Iterable[str]) -> NewFindings:
    """Return what a change brings together with why others stay as they are led."""
    stay = [Finding(Rule.SUBSTITUTE, why, hard=False) for why in left]
    return NewFindings(news.broken, (*news.to_know, *stay))


def _clinician(field: str) -> Person:
    """Return whom the form names. Raises InputError where it names no clinician."""
    key = typed().get(field, "")
    for clinician in all_clinicians():
        if clinician.key == key:
            return clinician
    raise InputError(catalog(reader_language()).gettext("Choose a clinician."))


def _led(row: Session) -> str:
    """Return when a session is and who leads it."""
    when = when_words(row)
    return f"{when}: {_names(row)}"


def _names(row: Session) -> str:
    return ", ".join(clinician.name for clinician in row.leads)


def leaders_before(row: Session) -> str:
    """Return the names of who led a session before a person put another there; empty: nobody
    did.
    """
    if row.leads_before is None:
        return ""
    names = names_by_id(row.leads_before.split())
    return ", ".join(sorted(names.values()))


def _others(row: Session) -> list[tuple[str, str]]:
    """Return the clinicians, by key and name, who do not lead a session."""
    others = []
    for clinician in all_clinicians():
        if clinician not in row.leads:
            others.append((clinician.key, clinician.name))
    return others


def _form(row: Session, refusal: str = "") -> str:
    moment = now()
    can = row.starts_at > moment and row.status is Status.SCHEDULED
    names = names_by_key()
    leads = [(clinician.key, clinician.name) for clinician in row.leads]
    could = []
    for key in colleagues_for(row, now=moment) if can else ():
        could.append((key, names.get(key, key)))
    said = named(refusal, names)
    return render_template(
        "desk/other_leader.html",
        row=row,
        can=can,
        leads=leads,
        others=_others(row),
        could=could,
        refusal=f"{said[:1].upper()}{said[1:]}",
        chosen=typed().get("comes", ""),
        leaves=typed().get("leaves", ""),
        title=title_words(row.kind, row.title, row.topic, reader_language()),
        when=when_words(row),
        zone=zone_words(row.zone),
        names=_names(row),
        reach=reach_of(row) if can else [],
        onward=typed().get("onward", ""),
        before=leaders_before(row),
    )
