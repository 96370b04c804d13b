"""What a withdrawal came to: what had left already, and what will never leave."""

from scheduler import consents
from scheduler.consents import HandedOver, Revocation
from scheduler.i18n import N_, catalog
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.web.parts.family_times import moment_in

LETTERS = {
    "invitation": N_("an appointment"),
    "update": N_("a changed appointment"),
    "cancellation": N_("no longer on their calendar"),
    "reminder": N_("a reminder"),
}


def outcome_of(done: list[Revocation], language: str) -> dict[str, object]:
    """Return what a withdrawal came to, once nothing of it is being handed over any more."""
    ids: list[str] = []
    for revocation in done:
        ids += revocation.grant_ids
    quiet = consents.wait_until_drained(ids)
    since = min(revocation.at for revocation in done)
    left = consents.handed_over(ids, since) if ids else ()
    return {
        "quiet": quiet,
        "left": [_words(letter, language) for letter in left],
        "stopped": sum(revocation.stopped for revocation in done),
    }


def _words(letter: HandedOver, language: str) -> str:
    """Return whom a letter told, what kind it was and when it left."""
    zone = practice().zone
    person = db.session.get(Person, letter.recipient_id)
    _ = catalog(language)
    name = person.name if person else _("Somebody")
    when = moment_in(language, letter.sent_at, zone) if letter.sent_at else _("may have arrived")
    kind = _(LETTERS[letter.kind]) if letter.kind in LETTERS else letter.kind
    return f"{name}, {kind}: {when}"
