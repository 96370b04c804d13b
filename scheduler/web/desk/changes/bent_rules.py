"""What a person let be bent for a session, as its page shows it."""

from scheduler.people import Deed, names_by_key
from scheduler.sessions import overrides_by_session
from scheduler.sessions.models import Session
from scheduler.web.auth.access import me
from scheduler.web.auth.desk_deeds import may_deed
from scheduler.web.desk.change_preview import titles_by_key
from scheduler.web.parts.time_words import moment_words, named


def bent_here(row: Session) -> list[dict[str, str]]:
    """Return what a person let be bent for the session where it is."""
    names = names_by_key() | titles_by_key([row])
    overrides = overrides_by_session([row.id]).get(row.id, [])
    found = []
    for override in overrides:
        found.append(
            {
                "what": named(override.sentence, names),
                "why": override.reason,
                "who": names.get(override.given_by, override.given_by),
                "when": moment_words(override.given_at, row.zone),
            }
        )
    return found


def may_bend_rules() -> bool:
    """True if whoever asks may bend rules with a reason."""
    return may_deed(me(), Deed.BEND_RULES)
