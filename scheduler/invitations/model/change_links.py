"""Personal links after a change of the key they are made with: new ones stand, those of before hold
until a stated time.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from scheduler.invitations.model.links import link_token
from scheduler.invitations.model.models import FormerLink, Invitation, ShortLink
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class StandingLinks:
    """How many personal pages have an address, and how many links of text messages still work."""

    pages: int
    texts: int


def standing_links(*, now: datetime) -> StandingLinks:
    """Count what a change of the key concerns."""
    pages = db.session.scalar(select(func.count()).select_from(Invitation)) or 0
    wanted = select(func.count()).select_from(ShortLink).where(ShortLink.ends_at > now)
    return StandingLinks(pages, db.session.scalar(wanted) or 0)


def make_links_anew(*, ends_at: datetime, now: datetime) -> int:
    """Give every invitation the link that the key in force makes, and let those of before hold
    until `ends_at`, as those of text messages do; return how many changed.
    """
    wanted = select(Invitation.uid, Invitation.token_hash).order_by(Invitation.uid)
    former, changed = [], []
    for uid, known in db.session.execute(wanted):
        fresh = token_hash(link_token(uid))
        if fresh != known:
            changed.append({"uid": uid, "token_hash": fresh})
            former.append({"uid": uid, "token_hash": known, "ends_at": ends_at})
    db.session.execute(delete(FormerLink).where(FormerLink.ends_at <= now))
    _end_by(ends_at)
    for begin in range(0, len(changed), AT_ONCE):
        db.session.execute(insert(FormerLink), former[begin : begin + AT_ONCE])
        db.session.execute(update(Invitation), changed[begin : begin + AT_ONCE])
    return len(changed)


def _end_by(moment: datetime) -> None:
    for row in (FormerLink, ShortLink):
        db.session.execute(update(row).where(row.ends_at > moment).values(ends_at=moment))
