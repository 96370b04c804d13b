"""Kinfold: virtual intensive outpatient programs, families let in exactly as far as each patient
consents.

The factory is the only place that sees every package.
"""

from __future__ import annotations

import gc
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib import import_module


@contextmanager
def without_collector() -> Iterator[None]:
    """Import without the collector of cycles, and leave what that made out of its later rounds.

    What a start makes stays to the end; to look through all of it again and again for what is no
    longer needed took two fifths of every command's start. However the import ends, the collector
    is as it was before; a program that runs without one goes on without.
    """
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.freeze()
            gc.enable()


with without_collector():
    from flask import Flask

    from scheduler import (
        audit,
        backups,
        disclosures,
        feeds,
        invitations,
        needs,
        outbox,
        people,
        recordings,
        rooms,
    )
    from scheduler.config import Config
    from scheduler.kernel import logs
    from scheduler.kernel.database import db, engine_options, prepare
    from scheduler.kernel.errors import Misconfigured
    from scheduler.kernel.installation import templates
    from scheduler.kernel.keys.change_key import key_that_opens
    from scheduler.kernel.keys.kept_keys import derived_key
    from scheduler.kernel.schema import sealed_text

# Zones come from the tzdata package alone: what the machine carries would make two nodes disagree.
zoneinfo.reset_tzpath(())

MODELS = (
    "people",
    "people.accounts",
    "people.proofs",
    "people.safe_contact",
    "busy",
    "programs",
    "participation",
    "sessions",
    "open_evenings",
    "outbox",
    "audit",
    "provenance",
    "consents.model",
    "change_tracking",
    "disclosures",
    "attendance",
    "invitations.model",
    "feeds",
    "planning.proposals",
    "admissions.line",
    "admissions.roster",
    "reminders",
    "reminders.wishes",
    "recordings",
    "tech_checks",
    "homes",
    "tasks",
    "sms",
    "webhooks",
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
    ("commands.accounts.staff_terms", "staff"),
    ("operations.keys.key_commands", "secret_keys"),
    ("operations.keys.setup_link", "setup_link"),
    ("operations.web_server", "web"),
    ("commands.webhook_commands", "webhook"),
    ("operations.worker_commands", "worker"),
)


def create_app(settings: Config | None = None, *, database_seconds: float | None = None) -> Flask:
    """Build the application from the environment, or from `settings` in tests. Raises
    Misconfigured.

    `database_seconds` bounds what a request may ask of the database; commands and the worker have
    no such bound.
    """
    settings = _with_key_that_opens(settings or Config.from_environment())
    app = Flask(
        __name__,
        template_folder=str(templates()),
        static_folder=None,
    )
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


def _with_key_that_opens(settings: Config) -> Config:
    """Take the key that a change which was cut off already gave to the file of the database."""
    coming = settings.kept_keys.coming_database
    if coming is None:
        return settings
    keys = (settings.database_key, coming)
    return replace(settings, database_key=key_that_opens(settings.database_url, keys))


def _hand_out_keys(settings: Config) -> None:
    """Tell the packages below the doors what only the settings know."""
    _hand_out_former(settings)
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
    feeds.lead_to(settings.base_url)
    naming = derived_key(settings.secret_key, "rooms")
    rooms.configure_rooms(rooms.RoomSettings(naming, rooms.ask_service))
    recordings.use_key(derived_key(settings.secret_key, "recordings"))
    recordings.use_folder(settings.recordings_dir)


def _hand_out_former(settings: Config) -> None:
    """Tell those who still open or know what was made with keys of before, too."""
    key, kept = settings.secret_key, settings.kept_keys
    former = [known.key for known in kept.former]
    if kept.coming_secret is None:
        sealing = [key, *former]
    else:
        sealing = [key, kept.coming_secret, *former]
    sealed_text.use_keys([derived_key(known, "sealed texts") for known in sealing])
    linking = [derived_key(known, "audit") for known in former]
    audit.use_key(derived_key(key, "audit"), former=linking)
    copying = [derived_key(known, "backups").hex() for known in former]
    backups.use_key(
        derived_key(key, "backups").hex(),
        settings.database_key,
        former=copying,
    )


def _tell_outbox(settings: Config) -> None:
    """Tell the outbox by which ways it sends, and where reports about letters come back to."""
    texts = None
    if settings.sms_url:
        texts = outbox.Gateway(settings.sms_url, settings.sms_secret or "")
    outbox.use_gateway(texts)
    returning = None
    if settings.return_sign:
        key = derived_key(settings.secret_key, "return paths")
        former = [derived_key(known.key, "return paths") for known in settings.kept_keys.former]
        returning = outbox.ReturnPaths(
            settings.return_sign,
            key,
            tuple(former),
        )
    outbox.use_return_paths(returning)


def _introduce() -> None:
    """Bring neighbours together that do not know each other: feeds and invitations, the outbox and
    whoever knows when nothing may arrive."""
    feeds.exclude_from_feeds(invitations.told_elsewhere)
    feeds.ask_who_declined(invitations.declined_sessions)
    invitations.ask_who_has_not_seen(feeds.unseen_since)
    invitations.ask_who_subscribes(feeds.with_address)
    outbox.ask_for_hours(people.hours_of_letters, needs.tell_otherwise)


def _open_doors(app: Flask) -> None:
    """Register pages and commands."""
    _import_doors()
    web = import_module("scheduler.web")
    web.prepare(app)
    for blueprint in web.blueprints:
        app.register_blueprint(blueprint)
    for module, name in COMMANDS:
        app.cli.add_command(getattr(import_module(f"scheduler.cli.{module}"), name))


@cache
def _import_doors() -> None:
    """Import pages and commands, once."""
    with without_collector():
        import_module("scheduler.web")
        for module, _ in COMMANDS:
            import_module(f"scheduler.cli.{module}")
