"""What a patient's withdrawal came to, on a page of its own that a reload, another language and the
way back leave as it is. Their browser keeps it for an hour, as it was at that moment.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from scheduler import consents
from scheduler.consents import HandedOver, KeptIn
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.people import practice, relatives_of
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import moment_in
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.page import Page
from scheduler.web.portal.withdrawal_outcome import Outcome, outcome_words

bp = Blueprint("what_was_stopped", __name__)
STOPPED = "stopped"
"""Where the browser keeps it."""
KEPT_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ended:
    """Whose consent ended, for which kinds, and what they may know of still; all in words."""

    name: str
    kinds: list[str]
    still: list[str]


@bp.get("/mine/sharing/stopped")
@allow(Who.PATIENT)
def page() -> Page:
    """Say what ended, since when, and what follows; nothing is done."""
    kept = _remembered(me())
    if kept is None:
        return redirect(url_for("consent_withdraw.sharing", lang=_asked()))
    language = reader_language()
    said = _what_was_stopped(kept, me(), language)
    return render_template("portal/consent_withdrawn.html", language=language, **said)


def nothing_to_stop(asked_about: Person | None) -> Response:
    """Lead an old page, or its form, to what was stopped just now; where there is none, say that
    nothing was. It is a 404 about nobody.
    """
    if asked_about is None:
        abort(404)
    if _remembered(me()) is not None:
        return redirect(url_for("what_was_stopped.page", lang=_asked()), 303)
    flash(_why_nothing(asked_about))
    return redirect(url_for("consent_withdraw.sharing", lang=_asked()), 303)


def _why_nothing(asked_about: Person) -> str:
    _ = catalog(reader_language())
    if asked_about.id == me().id:
        return _("Nobody is told anything about you, so there was nothing to stop.")
    words = _("{person} is told nothing about you, so there was nothing to stop.")
    return words.format(person=asked_about.name)


def _asked() -> str | None:
    return request.values.get("lang")


def kinds_of(
    people: list[Person], patient: Person, purposes: list[Kind] | None
) -> dict[str, list[str]]:
    """Return by relative (id) which of these purposes (None: all) they may know of now, sorted."""
    found = {}
    for person in people:
        grants = consents.standing_grants(person, patient, purposes)
        found[person.id] = sorted({grant.purpose.value for grant in grants})
    return found


def remember(
    patient: Person,
    ended: dict[str, list[str]],
    outcome: Outcome,
    *,
    silent: bool,
    at: datetime,
) -> None:
    """Let this browser keep what ended and what that came to: no more than the page says."""
    left = []
    for letter in outcome.left:
        sent = letter.sent_at.isoformat() if letter.sent_at else ""
        left.append([letter.kind, letter.recipient_id, sent])
    leaving = [[letter.kind, letter.recipient_id] for letter in outcome.leaving]
    kept_in = Counter((kept.kind, kept.recipient_id) for kept in outcome.kept_in)
    session[STOPPED] = {
        "patient": patient.id,
        "at": at.isoformat(),
        "ended": ended,
        "silent": silent,
        "quiet": outcome.quiet,
        "left": left,
        "leaving": leaving,
        "kept_in": [[*letter, many] for letter, many in kept_in.items()],
    }


def _remembered(patient: Person) -> dict[str, Any] | None:
    """Return what this browser keeps of a withdrawal by this patient within the hour."""
    kept: dict[str, Any] = session.get(STOPPED, {})
    if kept.get("patient") != patient.id:
        return None
    at = datetime.fromisoformat(kept["at"])
    return kept if now() - at < KEPT_FOR else None


def _what_was_stopped(kept: dict[str, Any], patient: Person, language: str) -> dict[str, object]:
    """Return what the page says of what is remembered: who, what, since when, and what follows."""
    at = datetime.fromisoformat(kept["at"])
    zone = patient.zone or practice().zone
    said = outcome_words(_outcome(kept), language)
    return said | {
        "ended": _ended(kept["ended"], patient, language),
        "since": moment_in(language, at, zone),
        "silent": kept["silent"],
    }


def _ended(kinds: dict[str, list[str]], patient: Person, language: str) -> list[Ended]:
    found = []
    for person in relatives_of(patient):
        if person.id not in kinds:
            continue
        ended = [kind_in(language, Kind(value)) for value in kinds[person.id]]
        standing = kinds_of([person], patient, None)[person.id]
        still = [kind_in(language, Kind(value)) for value in standing]
        found.append(Ended(person.name, ended, still))
    return found


def _outcome(kept: dict[str, Any]) -> Outcome:
    left = []
    for kind, person_id, sent in kept["left"]:
        sent_at = datetime.fromisoformat(sent) if sent else None
        left.append(HandedOver("", kind, person_id, sent_at))
    leaving = [HandedOver("", kind, person_id, None) for kind, person_id in kept["leaving"]]
    kept_in = []
    for kind, person_id, many in kept["kept_in"]:
        kept_in += [KeptIn(kind, person_id)] * many
    return Outcome(kept["quiet"], tuple(left), tuple(leaving), tuple(kept_in))
