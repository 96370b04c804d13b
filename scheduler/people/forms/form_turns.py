"""One at a time for each form: whoever sends it second, from a page opened before, is told of the
first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from scheduler.kernel.database import db
from scheduler.kernel.upsert import insert_absent
from scheduler.people.forms.models import FormTurn

KEPT = timedelta(days=2)
"""How long a turn is remembered; a page is good for twelve hours."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn before: who had it, when, the sentence they were told, the page it led to."""

    by: str
    at: datetime
    said: str
    leads_to: str
    is_same: bool
    """Whether it was the very same form, sent twice."""
    is_others: bool
    """Whether another person had it, or the same one at another browser."""
    is_newer: bool
    """Whether it was done after the page now sent was opened."""


def take_turn(
    form: str,
    *,
    sent: str,
    opened_ns: int,
    by: str,
    browser: str,
    until_ns: int,
    now: datetime,
) -> Turn:
    """Lock a form (by its hash) until the transaction ends and note that it was sent; return the
    turn before.

    `sent` tells the very same form from others and `browser` one browser from others (hashes);
    `opened_ns` is when its page was opened and `until_ns` is now, in nanoseconds since 1970.
    """
    insert_absent(FormTurn, [{"form_hash": form, "at": now}])
    row = db.session.execute(
        select(FormTurn)
        .where(FormTurn.form_hash == form)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    before = Turn(
        by=row.by,
        at=row.at,
        said=row.said,
        leads_to=row.leads_to,
        is_same=row.sent_hash == sent,
        is_others=(row.by, row.browser_hash) != (by, browser),
        is_newer=row.until_ns >= opened_ns,
    )
    row.sent_hash = sent
    row.by = by
    row.browser_hash = browser
    row.at = now
    row.until_ns = until_ns
    row.said = row.leads_to = ""
    db.session.flush()
    return before


def end_turn(form: str, *, sent: str, until_ns: int, said: str, leads_to: str) -> None:
    """Note what the form did that was kept; one whose deed was undone has no row to note it in."""
    ours = (FormTurn.form_hash == form, FormTurn.sent_hash == sent)
    done = {"until_ns": until_ns, "said": said, "leads_to": leads_to}
    db.session.execute(update(FormTurn).where(*ours).values(done))


def turn_led_to(form: str) -> tuple[str, str]:
    """Return the page to which the last turn of a form led, and the sentence that was said of it;
    the page is "" as long as it has not said.
    """
    rows = select(FormTurn.leads_to, FormTurn.said).where(FormTurn.form_hash == form)
    found = db.session.execute(rows).first()
    if found:
        return (found.leads_to, found.said)
    return ("", "")


def forget_old_turns(*, now: datetime) -> None:
    """Forget the turns that no open page can meet any more."""
    db.session.execute(delete(FormTurn).where(FormTurn.at < now - KEPT))
