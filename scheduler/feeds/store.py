"""Making feed addresses, keeping what stands behind them true, and serving it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from scheduler import audit
from scheduler.change_tracking import take_unfed
from scheduler.consents import agendas, left_ids, left_sessions
from scheduler.consents.model.models import Grant
from scheduler.feeds.ended import CLEARED, ended_calendar
from scheduler.feeds.feed_entries import entries_of
from scheduler.feeds.models import Feed
from scheduler.feeds.render import Known, Rendered, etag_of, render
from scheduler.feeds.struck import DAYS, Shown, is_kept, read_shown, written_shown
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id, new_token, token_hash
from scheduler.people import calendar_choices, practice
from scheduler.people.models import Person, Way
from scheduler.sessions.models import Session

REACH = timedelta(days=400)
"""How far back a series is told whole: longer than any cohort."""


@dataclass(frozen=True, slots=True)
class Served:
    """What an address answers."""

    body: bytes
    etag: str
    changed_at: datetime


def make(person: Person, *, by: str, now: datetime) -> str:
    """Make a person's feed address and give its secret, which cannot be shown again; an older
    address ends.
    """
    old = standing_feed(person)
    if old is not None:
        old.ended_at = now
        db.session.flush()
    token = new_token()
    feed = Feed(
        id=new_id(),
        person_id=person.id,
        token_hash=token_hash(token),
        made_at=now,
    )
    before = read_shown(old.shown) if old is not None else frozenset()
    done, feed.shown = _rendered([person], {person.id: before}, now)[person.id]
    feed.body = done.body
    feed.etag = done.etag
    feed.changed_at = now
    feed.stale_at = done.stale_at
    db.session.add(feed)
    db.session.flush()
    audit.append(
        "feeds.made",
        f"person {person.id}",
        {"feed": feed.id, "rotated": old is not None},
        by=by,
        now=now,
    )
    return token


def shown_to(person: Person, *, now: datetime) -> list[Known]:
    """Return what a person's calendar address shows, or would if there were one."""
    feed = standing_feed(person)
    before = {person.id: read_shown(feed.shown) if feed is not None else frozenset()}
    known = _kept([person], before, now)
    left = _left([person], known, before, now)
    return entries_of(known, left, [person.id], now)[person.id]


def with_address(people: Collection[str]) -> set[str]:
    """Return those of `people` (ids) whose calendar address works now."""
    rows = select(Feed.person_id).where(
        Feed.person_id.in_(list(people)),
        Feed.ended_at.is_(None),
    )
    return set(db.session.scalars(rows))


def may_have_address(person: Person) -> bool:
    """True if a person has a calendar address, or chose to have their sessions by one."""
    if standing_feed(person) is not None:
        return True
    chosen = calendar_choices([person.id]).get(person.id)
    return chosen is not None and chosen.way is not Way.INVITATIONS


def standing_feed(person: Person) -> Feed | None:
    """Return the feed whose address works now."""
    return db.session.scalar(
        select(Feed).where(
            Feed.person_id == person.id,
            Feed.ended_at.is_(None),
        )
    )


def refresh(
    *,
    now: datetime,
    people: Collection[str] | None = None,
    concerned: Collection[str] | None = None,
) -> int:
    """Write anew every feed (of `people`, by id; None: all) that would say something else; give how
    many did. `concerned` are those (ids; None: all) whom anything changed for since all were
    compared: of everybody else only what time made untrue is written anew.
    """
    rows = select(Feed).where(Feed.ended_at.is_(None))
    if people is not None:
        rows = rows.where(Feed.person_id.in_(list(people)))
    if concerned is not None:
        rows = rows.where(or_(Feed.stale_at <= now, Feed.person_id.in_(list(concerned))))
    return _refresh(db.session.scalars(rows), now)


def refresh_changed(*, now: datetime) -> int:
    """Write anew every feed that says something else by what was written and nobody looked at yet;
    give how many did.
    """
    return refresh(now=now, concerned=take_unfed(since=now, now=now))


def serve(token: str, *, now: datetime) -> Served | None:
    """Return what stands behind a secret, None for an unknown one; what time made untrue is written
    anew first.

    An ended address gives one neutral entry of long ago for 14 days and is unknown after that
    (H12). A relative's ends with the last of their consents: a new consent takes a new address.
    """
    feed = db.session.scalar(select(Feed).where(Feed.token_hash == token_hash(token)))
    if feed is None:
        return None
    if feed.ended_at is not None:
        if now >= feed.ended_at + CLEARED:
            return None
        body = _ended(feed, feed.ended_at)
        return Served(body, etag_of(body), feed.ended_at)
    if feed.stale_at <= now:
        _refresh([feed], now)
        if feed.ended_at is not None:
            return serve(token, now=now)
    return Served(feed.body, feed.etag, feed.changed_at)


def _ended(feed: Feed, at: datetime) -> bytes:
    house = practice()
    return ended_calendar(
        feed.id,
        zone=house.zone,
        host=house.outward_email.rpartition("@")[2],
        language=feed.person.language,
        at=at,
    )


def _refresh(rows: Iterable[Feed], now: datetime) -> int:
    feeds = list(rows)
    if not feeds:
        return 0
    ids = [row.person_id for row in feeds]
    people = list(db.session.scalars(select(Person).where(Person.id.in_(ids))).unique())
    shown = {row.person_id: read_shown(row.shown) for row in feeds}
    done = _rendered(people, shown, now)
    over = _without_consent(ids, now)
    changed = 0
    for row in feeds:
        made, row.shown = done[row.person_id]
        row.stale_at = made.stale_at
        if row.person_id in over:
            row.ended_at = now
            audit.append(
                "feeds.ended",
                f"person {row.person_id}",
                {"feed": row.id},
                by="consent",
                now=now,
            )
        if made.etag != row.etag:
            row.body = made.body
            row.etag = made.etag
            row.changed_at = now
            changed += 1
    db.session.flush()
    return changed


def _rendered(
    people: Collection[Person], shown: Shown, now: datetime
) -> dict[str, tuple[Rendered, str]]:
    """Return by person (id) the finished body, and the sessions ahead that it shows; `shown` is
    what the one before it showed.
    """
    known = _kept(people, shown, now)
    ids = [person.id for person in people]
    turns = _turns(ids, now)
    left = _left(people, known, shown, now)
    may_return = _may_return(shown, now)
    told = entries_of(known, left, ids, now)
    found = {}
    for person in people:
        made = render(
            told[person.id],
            language=person.language,
            now=now,
        )
        stale_at = min(made.stale_at, turns.get(person.id, made.stale_at))
        in_it = {entry.session_id for entry in told[person.id]}
        both = [*known[person.id], *left[person.id]]
        shows = [session for session in both if session.id in in_it]
        line = written_shown(shows, now=now, besides=may_return[person.id])
        found[person.id] = Rendered(made.body, made.etag, stale_at), line
    return found


def _kept(people: Collection[Person], shown: Shown, now: datetime) -> dict[str, list[Session]]:
    """Return by person (id) the sessions their calendar shows, those that fell out of it among
    them.
    """
    pairs = agendas(
        people,
        now=now,
        since=now - REACH,
        cancelled_since=now - DAYS,
    )
    found = {}
    for person_id, theirs in pairs.items():
        before = shown[person_id]
        kept = []
        for session, _ in theirs:
            if is_kept(session, before, now=now):
                kept.append(session)
        found[person_id] = kept
    return found


def _left(
    people: Collection[Person],
    known: Mapping[str, Collection[Session]],
    shown: Shown,
    now: datetime,
) -> dict[str, list[Session]]:
    """Return by person (id) what their calendar showed and goes on without them."""
    found = {}
    for person_id, theirs in left_sessions(people, now=now).items():
        in_it = {session.id for session in known[person_id]}
        fell_out = shown[person_id] - in_it
        found[person_id] = [session for session in theirs if session.id in fell_out]
    return found


def _may_return(shown: Shown, now: datetime) -> Shown:
    """Return by person (id) what their calendar showed of groups they left: one that moved away may
    move back.
    """
    found = {}
    for person_id, left in left_ids(list(shown), now=now).items():
        found[person_id] = shown[person_id] & left
    return found


def _without_consent(people: Collection[str], now: datetime) -> set[str]:
    """Return those of `people` who had consents and have none any more, nor one that will begin."""
    grants = select(
        Grant.person_id,
        Grant.revoked_at,
        Grant.valid_until,
    )
    rows = db.session.execute(grants.where(Grant.person_id.in_(list(people))))
    had = set()
    have = set()
    for person, revoked, until in rows:
        had.add(person)
        if revoked is None and until > now:
            have.add(person)
    return had - have


def _turns(people: Collection[str], now: datetime) -> dict[str, datetime]:
    """Return for each relative the next moment at which one of their grants begins or ends."""
    found: dict[str, datetime] = {}
    standing = select(Grant).where(
        Grant.person_id.in_(list(people)),
        Grant.revoked_at.is_(None),
    )
    for grant in db.session.scalars(standing):
        for moment in (grant.valid_from, grant.valid_until):
            if moment > now:
                found[grant.person_id] = min(moment, found.get(grant.person_id, moment))
    return found
