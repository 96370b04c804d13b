"""What was done while somebody was away, or the house closed: seen again, and put back as one."""

from flask import Blueprint, flash, redirect, render_template, url_for

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.errors import Conflict
from scheduler.people import names_by_key, practice
from scheduler.planning import away_of, disruption_met, sessions_of, undo_disruption
from scheduler.planning.proposals.models import DisruptionMet
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import people_of, titles_by_key
from scheduler.web.desk.disruptions.disruption_shown import Outcomes, met_headline, outcomes_of
from scheduler.web.parts.page import Page, sentence
from scheduler.web.parts.time_words import moment_words, named, zone_words
from scheduler.web.preview.look_ahead import Ahead, act_on_sight, ahead_page

bp = Blueprint("disruption_back", __name__, url_prefix="/desk/disruptions")


@bp.get("/<row_id>")
@allow(*STAFF)
def page(row_id: str) -> Page:
    """Show what was done, to be put back as one."""
    met = disruption_met(row_id)
    names = names_by_key()
    zone = practice().zone
    return render_template(
        "desk/disruptions/disruption_back.html",
        met=met,
        title=met_headline(met, names),
        groups=_groups(met),
        zone=zone_words(zone),
        by=names.get(met.met_by, met.met_by),
        at=moment_words(met.met_at, zone),
        back_by=names.get(met.put_back_by or "", ""),
        back_at=moment_words(met.put_back_at, zone),
    )


@bp.post("/<row_id>/back")
@allow(*STAFF)
def put_back(row_id: str) -> Page:
    """Put all of it back, once was seen who hears of it; letters that wait stay in."""
    by = me().key
    moment = now()
    people = _concerned(disruption_met(row_id))

    def deed() -> None:
        met = disruption_met(row_id)
        after = undo_disruption(met, by=by, now=moment)
        people.update(people_of(after, moment))

    try:
        ahead = act_on_sight(
            deed,
            people,
            by=by,
            now=moment,
        )
    except Conflict as error:
        flash(_refusal(error, row_id), "wrong")
        return redirect(url_for("disruption_back.page", row_id=row_id), 303)
    if not ahead.is_done:
        return _shown(ahead, disruption_met(row_id))
    said = catalog(reader_language()).gettext("Everything is back as it was.")
    flash(said)
    return redirect(url_for("disruption_back.page", row_id=row_id), 303)


def _concerned(met: DisruptionMet) -> set[str]:
    """Return everybody (ids) whom it concerned, and who was away."""
    sessions = sessions_of(met)
    people = people_of(list(sessions.values()), now())
    away = away_of(met)
    if away is not None:
        people.add(away.id)
    return people


def _refusal(error: Conflict, row_id: str) -> str:
    """Return why it cannot be put back, with names in place of keys."""
    sessions = sessions_of(disruption_met(row_id))
    titles = titles_by_key(sessions.values())
    names = names_by_key() | titles
    said = named(str(error), names)
    return sentence(said)


def _shown(ahead: Ahead, met: DisruptionMet) -> Page:
    """Return the page that shows what goes back where, and who hears of it."""
    _ = catalog(reader_language())
    what = []
    for group in _groups(met):
        for line in group.lines:
            what.append(f"{line.title}: {line.after} → {line.before}")
    title = _("Put back: {what}")
    return ahead_page(
        ahead,
        title=title.format(what=met_headline(met, names_by_key())),
        what=what,
        deed=_("Put all of this back"),
        back=url_for("disruption_back.page", row_id=met.id),
        may_change=False,
    )


def _groups(met: DisruptionMet) -> list[Outcomes]:
    names = names_by_key()
    away = away_of(met)
    return outcomes_of(met, sessions_of(met), names, away.name if away else "")
