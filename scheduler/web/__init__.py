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
from scheduler.web.assets import look
from scheduler.web.auth.access import Who, allow, guard
from scheduler.web.auth.cookies import FormCookie
from scheduler.web.auth.headers import with_headers
from scheduler.web.auth.sign_in import enter
from scheduler.web.demo.mailbox import demo
from scheduler.web.demo.phones import phones
from scheduler.web.desk.busy_calendar import busy
from scheduler.web.desk.cohorts import desk
from scheduler.web.desk.letters import alarm, letters
from scheduler.web.desk.patients import offices
from scheduler.web.desk.publication import publication
from scheduler.web.desk.reminders import policies
from scheduler.web.desk.replies import replies
from scheduler.web.desk.session_edit import by_hand
from scheduler.web.desk.signing import signing
from scheduler.web.family.invitation import circle
from scheduler.web.family.join import join
from scheduler.web.feeds.fast_path import with_short_way
from scheduler.web.feeds.feed import feed
from scheduler.web.ops.access_log import write_visits
from scheduler.web.ops.health import health
from scheduler.web.ops.sms_webhook import texts
from scheduler.web.parts.error_pages import add_error_pages
from scheduler.web.parts.time_words import named
from scheduler.web.portal.agenda import mine
from scheduler.web.portal.calendar_delivery import ways
from scheduler.web.portal.consent_give import giving
from scheduler.web.portal.consent_withdraw import withdraw
from scheduler.web.portal.disclosures import told
from scheduler.web.portal.portal_words import MINE
from scheduler.web.portal.signed_papers import papers

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
