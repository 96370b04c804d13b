"""What changed since a patient last looked, in words; it stays until they say that they read it."""

from collections.abc import Collection

from flask import Blueprint, redirect, url_for

from scheduler import homes
from scheduler.homes import NewsKind, SessionNews
from scheduler.homes.models import Matter
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.sessions.models import Session
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.parts.family_times import moved_to_words, time_words
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.page import Page

bp = Blueprint("session_news", __name__, url_prefix="/mine/news")
SAID = {
    NewsKind.NEW: N_("New: {time}, {what}"),
    NewsKind.CANCELLED: N_("Off: {time}, {what}"),
}


@bp.post("")
@allow(Who.PATIENT)
def read() -> Page:
    """Note that what changed until now was read."""
    homes.keep_word(
        me(),
        Matter.NEWS_SEEN,
        {},
        now=now(),
    )
    db.session.commit()
    return redirect(url_for("agenda.agenda"), 303)


def news_lines(
    person: Person,
    sessions: Collection[Session],
    left: Collection[str],
    language: str,
    reader: str,
) -> list[str]:
    """Return what changed, a line a session, in order of time."""
    news = homes.session_news(person, sessions, left=left)
    lines = []
    for session in sessions:
        if session.id in news:
            lines.append(
                _line(
                    news[session.id],
                    session,
                    language,
                    reader,
                )
            )
    return lines


def _line(news: SessionNews, session: Session, language: str, reader: str) -> str:
    what = kind_in(language, session.kind)
    begins = session.starts_at
    if news.was is not None:
        moved = moved_to_words(
            language,
            news.was[0],
            begins,
            session.zone,
            reader,
        )
        return f"{moved}: {what}"
    time = time_words(
        language,
        begins,
        session.ends_at,
        session.zone,
        reader,
        named=False,
    )
    return catalog(language)(SAID[news.kind]).format(time=time, what=what)
