"""What the form of a session says: how far a change reaches, and who is there."""

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.sessions import can_be_put_back, place_back, session_by_key, sessions_from
from scheduler.sessions.models import Session
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.changes.places_offered import Place, places_for
from scheduler.web.desk.truth.session_wish import BACK, Wish


def reach_of(row: Session) -> list[tuple[str, str, str]]:
    """Return how far a change may reach: value, words, and what it means."""
    _ = catalog(reader_language())
    following = len(sessions_from(row, onward=True, now=now())) - 1
    choices = [("", _("Only this date"), "")]
    if following:
        words = _.ngettext(
            "This and the one after it in its series",
            "This and the {count} that follow in its series",
            following,
        )
        choices.append(("1", words.format(count=following), _("All by as much.")))
    return choices


def who_sits(row: Session) -> str:
    """Return who leads a session and who sits in it: one patient by name, more by their number."""
    _ = catalog(reader_language())
    leads = ", ".join(clinician.name for clinician in row.leads)
    if len(row.patients) == 1:
        return _("{leads} with {patient}").format(leads=leads, patient=row.patients[0].name)
    said = _.ngettext("{leads}, {count} patient", "{leads}, {count} patients", len(row.patients))
    return said.format(leads=leads, count=len(row.patients))


def places_for_wish(key: str, wish: Wish | None) -> list[Place]:
    """Return the nearest places that work instead of a move, or of where it is put back to."""
    if wish is None:
        return []
    to, minutes = wish.to, wish.minutes
    row = session_by_key(key)
    if wish.deed == BACK and can_be_put_back(row, now=now()):
        to, minutes = place_back(row, wish.to)
    if to is None or minutes is None:
        return []
    return places_for(
        key,
        to=to,
        minutes=minutes,
        onward=wish.onward,
    )
