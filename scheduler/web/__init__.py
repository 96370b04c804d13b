"""The doors for people: sign-in, desk for staff, mine for patients, circle for families; feeds,
joining, health.

Each view says whom it is for, asks the clock, calls deeds, commits once. GET changes nothing but
what being seen costs.
"""

import os
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from config import INSTANCE
from scheduler.web.access import Who, allow, guard
from scheduler.web.busy import busy
from scheduler.web.by_hand import by_hand
from scheduler.web.circle import circle
from scheduler.web.cookies import FormCookie
from scheduler.web.demo import demo
from scheduler.web.desk import desk
from scheduler.web.enter import enter
from scheduler.web.errors import add_error_pages
from scheduler.web.feed import feed
from scheduler.web.giving import giving
from scheduler.web.headers import with_headers
from scheduler.web.health import health
from scheduler.web.join import join
from scheduler.web.letters import alarm, letters
from scheduler.web.look import look
from scheduler.web.mine import mine
from scheduler.web.mine_words import MINE
from scheduler.web.offices import offices
from scheduler.web.papers import papers
from scheduler.web.phones import phones
from scheduler.web.policies import policies
from scheduler.web.publication import publication
from scheduler.web.reader_language import add_languages
from scheduler.web.replies import replies
from scheduler.web.short_way import with_short_way
from scheduler.web.signing import signing
from scheduler.web.texts import texts
from scheduler.web.times import named
from scheduler.web.told import told
from scheduler.web.visits import write_visits
from scheduler.web.ways import ways
from scheduler.web.withdraw import withdraw

blueprints = (
    *(
        look,
        enter,
        desk,
        by_hand,
        publication,
        offices,
        letters,
        policies,
        replies,
        mine,
        told,
        giving,
        papers,
    ),
    *(signing, withdraw, busy, ways, circle, join, feed, texts, health),
)
"""What every installation serves; the demo's own doors stand apart in `demo`."""

__all__ = ["Who", "allow", "blueprints", "demo", "prepare"]


def prepare(app: Flask) -> None:
    """Set up what all pages share: forms' cookie and anti-forgery token, the guard, headers, error
    pages.
    """
    app.config.update(
        WTF_CSRF_SSL_STRICT=False,  # no-referrer pages send no Referer; the token alone decides
        WTF_CSRF_TIME_LIMIT=12 * 3600,
    )
    app.session_interface = FormCookie()
    forms = CSRFProtect(app)
    forms.exempt(texts)  # the gateway signs instead
    write_visits(app)
    app.before_request(guard)
    add_languages(app)
    doors = with_headers(with_short_way(app), app.config["KINFOLD"].base_url)
    app.wsgi_app = doors  # type: ignore[assignment, method-assign]
    add_error_pages(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["named"] = named
    app.jinja_env.globals["alarm"] = alarm
    app.jinja_env.globals["mine_words"] = MINE
    if app.config["KINFOLD"].demo:
        app.config.setdefault(
            "DEMO_MAILBOX", Path(os.environ.get("KINFOLD_INSTANCE", INSTANCE)) / "mailbox"
        )
        app.register_blueprint(demo)
        app.register_blueprint(phones)
