"""Kinfold: virtual intensive outpatient programs, families let in exactly as far as each patient
consents.

The factory is the only place that sees every package.
"""

from __future__ import annotations

import hashlib
import hmac
import zoneinfo
from importlib import import_module

from flask import Flask

from scheduler import audit, backups, disclosures, feeds, invitations, outbox, recordings, rooms
from scheduler.config import Config
from scheduler.kernel import logs
from scheduler.kernel.database import db, engine_options, prepare
from scheduler.kernel.errors import Misconfigured
from scheduler.kernel.installation import templates
from scheduler.kernel.schema import sealed_text

# Zones come from the tzdata package alone: what the machine carries would make two nodes disagree.
zoneinfo.reset_tzpath(())

MODELS = (
    "people",
    "people.accounts",
    "busy",
    "programs",
    "sessions",
    "open_evenings",
    "outbox",
    "audit",
    "provenance",
    "consents.model",
    "disclosures",
    "attendance",
    "invitations.model",
    "feeds",
    "planning.proposals",
    "reminders",
    "recordings",
    "tech_checks",
    "tasks",
    "sms",
)

COMMANDS = (
    ("commands.accounting", "accounting"),
    ("commands.attendance_file", "attendance"),
    ("operations.api_token_commands", "api"),
    ("operations.audit_record", "audit"),
    ("operations.copies", "backup"),
    ("operations.copies", "restore"),
    ("commands.clinic_file", "clinic"),
    ("commands.cohort", "cohort"),
    ("commands.consent_authority", "consent"),
    ("commands.consent_rehearse", "consent"),
    ("operations.db_upgrade", "database"),
    ("demo.demo_commands", "demo"),
    ("operations.doctor", "doctor"),
    ("operations.drill", "drill"),
    ("commands.feed_url", "feed"),
    ("operations.release_letters", "letters"),
    ("commands.program", "program"),
    ("commands.report", "report"),
    ("commands.session_commands", "sessions"),
    ("commands.account_commands", "staff"),
    ("operations.setup_link", "setup_link"),
    ("operations.web_server", "web"),
    ("operations.worker_commands", "worker"),
)


def create_app(settings: Config | None = None, *, database_seconds: float | None = None) -> Flask:
    """Build the application from the environment, or from `settings` in tests. Raises
    Misconfigured.

    `database_seconds` bounds what a request may ask of the database; commands and the worker have
    no such bound.
    """
    settings = settings or Config.from_environment()
    app = Flask(__name__, template_folder=str(templates()), static_folder=None)
    app.config.from_mapping(
        DEBUG=False,  # whatever FLASK_DEBUG says
        KINFOLD=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(
            settings.database_url, settings.database_key, database_seconds
        ),
        MAX_CONTENT_LENGTH=1024 * 1024,
    )
    for package in MODELS:
        import_module(f"scheduler.{package}.models")
    db.init_app(app)
    with app.app_context():
        prepare(db.engine, database_seconds)
    _hand_out_keys(settings)
    app.extensions["hand_out_keys"] = _hand_out_keys
    _introduce()
    _open_doors(app)
    return app


def begin_logs(settings: Config) -> None:
    """Let this process write its log as JSON lines, under a name for the practice that only its own
    secret gives.
    """
    logs.begin(settings.log_level, practice=derived_key(settings.secret_key, "logs").hex()[:12])


def derived_key(secret_key: str, purpose: str) -> bytes:
    """Return the key for one purpose, so that no secret serves two."""
    return hmac.new(secret_key.encode(), purpose.encode(), hashlib.sha256).digest()


def _hand_out_keys(settings: Config) -> None:
    """Tell the packages below the doors what only the settings know."""
    sealed_text.use_keys([derived_key(settings.secret_key, "sealed texts")])
    audit.use_key(derived_key(settings.secret_key, "audit"))
    backups.use_key(derived_key(settings.secret_key, "backups").hex(), settings.database_key)
    disclosures.sign_with(derived_key(settings.secret_key, "accountings"))
    audit.keep_anchor(settings.audit_anchor)
    _tell_outbox(settings)
    links = derived_key(settings.secret_key, "invitation links")
    telling = invitations.lint(settings.base_url)
    if telling:
        raise Misconfigured(
            f"BASE_URL gives away what this is: {telling[0].word}; links need a neutral address"
        )
    reads_mail = settings.mail_in is not None
    invitations.configure(invitations.LinkSettings(settings.base_url, links, reads_mail))
    naming = derived_key(settings.secret_key, "rooms")
    rooms.configure_rooms(rooms.RoomSettings(naming, rooms.ask_service))
    recordings.use_key(derived_key(settings.secret_key, "recordings"))
    recordings.use_folder(settings.recordings_dir)


def _tell_outbox(settings: Config) -> None:
    """Tell the outbox by which ways it sends, and where reports about letters come back to."""
    texts = None
    if settings.sms_url:
        texts = outbox.Gateway(settings.sms_url, settings.sms_secret or "")
    outbox.use_gateway(texts)
    returning = None
    if settings.return_sign:
        key = derived_key(settings.secret_key, "return paths")
        returning = outbox.ReturnPaths(settings.return_sign, key)
    outbox.use_return_paths(returning)


def _introduce() -> None:
    """Bring neighbours together that do not know each other: feeds and invitations."""
    feeds.exclude_from_feeds(invitations.told_elsewhere)
    invitations.ask_who_has_not_seen(feeds.unseen_since)
    invitations.ask_who_subscribes(feeds.with_address)


def _open_doors(app: Flask) -> None:
    """Register pages and commands."""
    web = import_module("scheduler.web")
    web.prepare(app)
    for blueprint in web.blueprints:
        app.register_blueprint(blueprint)
    for module, name in COMMANDS:
        app.cli.add_command(getattr(import_module(f"scheduler.cli.{module}"), name))
