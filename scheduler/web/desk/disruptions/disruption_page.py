"""Somebody is ill, or the house is closed: each session it concerns with what disturbs least,
changed line by line, shown with its letters, and done as one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, url_for

from scheduler import feeds
from scheduler.i18n import N_, catalog
from scheduler.invitations import PATIENCE, announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import all_clinicians, names_by_key, practice
from scheduler.planning import (
    CANCEL,
    Choice,
    Disruption,
    Finding,
    MakeUp,
    Met,
    Rule,
    disrupted_lines,
    disrupted_sessions,
    disruptions_met,
    meet_disruption,
)
from scheduler.sessions import Snapshot, snapshot
from scheduler.sessions.models import Session
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import people_of, titles_by_key
from scheduler.web.desk.disruptions.disruption_asked import HOUSE, Asked, what_is_asked
from scheduler.web.desk.disruptions.disruption_shown import (
    Outcomes,
    fingerprint,
    headline,
    lines_shown,
    met_headline,
    outcomes,
)
from scheduler.web.desk.truth.session_wish import typed
from scheduler.web.parts.letters_shown import leaves_of
from scheduler.web.parts.page import Page, previewed, sentence
from scheduler.web.parts.time_words import named, zone_words
from scheduler.web.preview.look_ahead import Ahead, consent_words

bp = Blueprint("disruption_page", __name__, url_prefix="/desk/disruptions")
EVERYBODY = N_("Everybody: we are closed")
MOST_IN_ADDRESS = 40
"""Lines that an address holds; more go as a form does."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """What meeting a disruption does, and whom it tells."""

    groups: list[Outcomes]
    ahead: Ahead
    to_know: tuple[Finding, ...]
    lost: tuple[MakeUp, ...]
    titles: dict[str, str]
    people: set[str]
    row_id: str

    @property
    def token(self) -> str:
        """Return what tells it from anything else."""
        return fingerprint(self.groups, self.ahead.token)


@bp.get("")
@allow(*STAFF)
def page() -> Page:
    """Ask who is away when; then show each session with what can be done about it."""
    asked = what_is_asked()
    return _form(asked), 422 if asked.errors else 200


@bp.route("/look", methods=["GET", "POST"])
@allow(*STAFF)
def look() -> Page:
    """Show what all of it does, by doing and undoing it: nothing is kept, so it has an address."""
    asked = what_is_asked()
    if asked.disruption is None:
        return _form(asked), 422
    try:
        with previewed():
            looked = _do(asked.disruption, asked.choices)
    except (Conflict, InputError) as error:
        return _refused(asked, error)
    return _shown(asked, looked)


@bp.post("")
@allow(*STAFF)
def meet() -> Page:
    """Do all of it as it was shown; where something changed since, it is laid anew."""
    asked = what_is_asked()
    if asked.disruption is None:
        return _form(asked), 422
    try:
        looked = _do(asked.disruption, asked.choices)
    except (Conflict, InputError) as error:
        db.session.rollback()
        return _refused(asked, error)
    if typed().get("seen") != looked.token:
        db.session.rollback()
        return _shown(asked, looked, is_other=True), 409
    moment = now()
    announce(by=me().key, now=moment, people=looked.people, patience=PATIENCE)
    feeds.refresh_changed(now=moment)
    db.session.commit()
    flash(_done_words(len(looked.ahead.readers)))
    return redirect(url_for("disruption_back.page", row_id=looked.row_id), 303)


def _done_words(readers: int) -> str:
    """Say that all of it is done, and how many hear of it."""
    _ = catalog(reader_language())
    if not readers:
        return _("Done. No letter follows.")
    said = _.ngettext(
        "Done. {count} person gets one letter about all of it.",
        "Done. {count} people get one letter each about all of it.",
        readers,
    )
    return said.format(count=readers)


def _do(disruption: Disruption, choices: dict[str, Choice]) -> _Looked:
    """Do what is asked, and read what its letters would be; whoever calls it keeps or undoes it.
    What is proposed joins the `choices`.
    """
    by = me().key
    moment = now()
    rows = disrupted_sessions(disruption, now=moment)
    lay = snapshot(rows)
    people = people_of(rows, moment)
    met = meet_disruption(
        disruption,
        choices,
        by=by,
        now=moment,
    )
    people |= people_of(rows, moment)
    choices.update(met.chosen)
    names = names_by_key()
    leaves = names.get(disruption.clinician or "", "")
    lines = _with_places(rows, lay, choices)
    titles = titles_by_key(rows)
    return _Looked(
        groups=outcomes(lines, names, leaves),
        ahead=_letters(people, moment),
        to_know=_beside(met),
        lost=met.lost,
        titles=names | titles,
        people=people,
        row_id=met.row.id,
    )


def _with_places(
    rows: Iterable[Session], lay: Mapping[str, Snapshot], choices: Mapping[str, Choice]
) -> list[tuple[Session, Choice, str, int]]:
    """Return each session with what was chosen for it, and where it lay before."""
    lines = []
    for row in rows:
        before = lay[row.key]
        choice = choices[row.key]
        line = (
            row,
            choice,
            before.starts_local,
            before.minutes,
        )
        lines.append(line)
    return lines


def _beside(met: Met) -> tuple[Finding, ...]:
    """Return what is to be known beside what is cancelled, and beside the hours that lack, which
    stand with what makes up for them.
    """
    weeks = {(lost.had.patient, lost.had.week) for lost in met.lost}
    found = []
    for finding in met.news.to_know:
        is_short = finding.rule is Rule.WEEK_HOURS_MIN
        is_said = is_short and (finding.patient, finding.week) in weeks
        is_cancelled = met.chosen.get(finding.session or "") == CANCEL
        if not is_said and not is_cancelled:
            found.append(finding)
    return tuple(found)


def _letters(people: set[str], moment: datetime) -> Ahead:
    """Return the letters that follow, none of which is kept."""
    look = db.session.begin_nested()
    told = announce(by=me().key, now=moment, people=people)
    letters = [news for news in told if news.letter_id]
    leaves = leaves_of(letters)
    look.rollback()
    return Ahead(leaves, [])


def _shown(asked: Asked, looked: _Looked, *, is_other: bool = False) -> str:
    assert asked.disruption is not None
    names = names_by_key()
    _ = catalog(reader_language())
    return render_template(
        "desk/disruptions/disruption_look.html",
        title=headline(asked.disruption, names),
        groups=looked.groups,
        told=looked.ahead.readers,
        to_know=looked.to_know,
        lost=looked.lost,
        names=looked.titles,
        consent=consent_words(_("Do all of this"), len(looked.ahead.readers)),
        asked=list(asked.address()),
        seen=looked.token,
        back=_lines_of(asked),
        is_other=is_other,
        zone=zone_words(practice().zone),
    )


def _lines_of(asked: Asked) -> str:
    """Return the address of the lines as they are chosen."""
    fields = list(asked.address())
    return f"{url_for('disruption_page.page')}?{urlencode(fields)}"


def _refused(asked: Asked, error: Exception) -> Page:
    """Return the lines as they are now, with why nothing was done."""
    page = _form(asked, str(error))
    return page, 422 if asked.errors else 409


def _form(asked: Asked, refusal: str = "") -> str:
    moment = now()
    names = names_by_key()
    lines = []
    if asked.disruption is not None:
        try:
            found = disrupted_lines(asked.disruption, now=moment)
            lines = lines_shown(found, asked.choices, names)
        except InputError as error:
            asked.errors["first"] = sentence(error)
            asked.disruption = None
            refusal = ""
    return render_template(
        "desk/disruptions/disruption_page.html",
        asked=asked,
        staff=_staff(),
        lines=lines,
        in_address=len(lines) <= MOST_IN_ADDRESS,
        title=headline(asked.disruption, names) if asked.disruption else "",
        refusal=sentence(named(refusal, names)) if refusal else "",
        recent=_recent(names, moment),
        zone=zone_words(practice().zone),
    )


def _staff() -> list[tuple[str, str]]:
    """Return who can be away, and last that everybody is."""
    staff = [("", "")]
    for clinician in all_clinicians():
        if clinician.clinician is not None and clinician.clinician.ended_at is None:
            staff.append((clinician.key, clinician.name))
    everybody = catalog(reader_language())(EVERYBODY)
    staff.append((HOUSE, everybody))
    return staff


def _recent(names: Mapping[str, str], moment: datetime) -> list[tuple[str, str, bool]]:
    """Return what was done of late: where it stands, its words, whether it was put back."""
    found = []
    for met in disruptions_met(now=moment):
        words = met_headline(met, names)
        found.append((met.id, words, met.put_back_at is not None))
    return found
