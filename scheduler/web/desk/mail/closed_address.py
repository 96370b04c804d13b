"""Staff's way out of an address that takes no letters: try it again, having seen what leaves."""

from flask import Blueprint, flash, redirect, url_for

from scheduler import invitations, outbox
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox.models import ClosedAddress
from scheduler.people import people_by_address
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.letter_words import subject_of
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import moment_words

bp = Blueprint("closed_address", __name__, url_prefix="/desk/letters/addresses")


@bp.post("/<address_id>")
@allow(*STAFF)
def try_again(address_id: str) -> Page:
    """Let letters go to an address again."""
    many = invitations.try_address_again(address_id, by=me().key, now=now())
    db.session.commit()
    _ = catalog(reader_language())
    said = _.ngettext(
        "The address is tried again: {count} letter goes out now.",
        "The address is tried again: {count} letters go out now.",
        many,
    )
    flash(said.format(count=many))
    return redirect(url_for("letters.overview"), 303)


def closed_shown(zone: str) -> list[dict[str, object]]:
    """Return each address that takes no letters: whose it is, since when and why, and what waits
    for it.
    """
    shown: list[dict[str, object]] = []
    for row in outbox.closed_addresses():
        people = people_by_address(row.address)
        names = [person.name for person in people]
        shown.append(_shown(row, names, zone))
    return shown


def _shown(row: ClosedAddress, names: list[str], zone: str) -> dict[str, object]:
    kept = outbox.kept_for(row)
    return {
        "id": row.id,
        "address": row.address,
        "who": names,
        "reason": row.reason,
        "since": moment_words(row.closed_at, zone),
        "kept": [subject_of(letter) for letter in kept],
    }
