"""Settings, read from the environment once; nonsense is refused with the setting's name.

Each secret may stand in a file instead: `NAME_FILE` holds its path.
"""

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from scheduler.kernel.errors import Misconfigured
from scheduler.kernel.keys.kept_keys import KeptKeys
from scheduler.kernel.keys.secret_settings import INSTANCE, installed_keys, said_secret

SHORTEST_TOKEN = 20
IN_CLEAR = {"http", "imap", "lmtp"}
HERE = {"127.0.0.1", "::1", "localhost"}
RETURN_SIGNS = ("+", "-", "=")
MOST_COOLING = 60
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]")
"""A name, an address, or an address of IPv6 in brackets."""
LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class Config:
    """What this installation was told; see the table in docs/settings.md."""

    database_url: str
    database_key: str
    secret_key: str
    base_url: str
    smtp_url: str | None
    mail_in: str | None
    mail_authserv: str | None
    """The name under which our mail server writes Authentication-Results."""
    sms_url: str | None
    tick_seconds: float
    demo: bool
    audit_anchor: Path | None = None
    """The file that the head of the audit record is written to, outside the database; None:
    nowhere.
    """
    sms_secret: str | None = None
    log_level: str = "info"
    return_sign: str | None = None
    """The sign before the tag of a letter's return address; None: all come back to one address."""
    trusted_proxies: tuple[str, ...] = ()
    """The proxies before the web, the nearest last, as addresses; `*` for the nearest means any."""
    trusted_hosts: tuple[str, ...] = ()
    """Names under which the pages are asked for beside that of `base_url`, in small letters."""
    mail_token_command: tuple[str, ...] = ()
    """What prints the token that the mailbox of `mail_in` takes instead of a password."""
    metrics_token: str | None = None
    """What may read the figures from another machine; None: this machine alone reads them."""
    recordings_dir: Path | None = None
    """The folder of recorded workshops; None: only links can be added."""
    publish_cooling: timedelta = timedelta()
    """How long the letters of a publication from the desk wait, so that it can be taken back."""
    second_factor_from: date | None = None
    """The day from which staff need a second factor; None: they may have one."""
    acting_as: str | None = None
    """The key of the account of staff that commands are run for; None: the operator's own."""
    kept_keys: KeptKeys = field(default_factory=KeptKeys)
    """Where the keys stand, and those of before and to come."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Config":
        """Read every setting; secrets left out are made on first use. Raises Misconfigured."""
        instance = Path(environment.get("KINFOLD_INSTANCE", INSTANCE))
        url = said_secret(environment, "DATABASE_URL") or f"sqlite:///{instance / 'kinfold.db'}"
        database_url = _database_url(url)
        secret, database_key, kept_keys = installed_keys(environment, instance, database_url)
        return cls(
            database_url=database_url,
            database_key=database_key,
            secret_key=secret,
            kept_keys=kept_keys,
            base_url=_base_url(environment),
            smtp_url=_server(environment, "SMTP_URL", {"smtp", "smtps"}),
            mail_in=_mailbox(environment),
            mail_token_command=_token_command(environment),
            mail_authserv=environment.get("MAIL_AUTHSERV") or None,
            sms_url=_server(environment, "SMS_URL", {"http", "https"}),
            tick_seconds=_seconds(environment, "TICK_SECONDS", 5.0),
            demo=environment.get("KINFOLD_DEMO") == "1",
            audit_anchor=Path(environment.get("AUDIT_ANCHOR") or instance / "audit.anchor"),
            sms_secret=_shared_secret(environment),
            recordings_dir=_folder(environment.get("RECORDINGS_DIR")),
            return_sign=_return_sign(environment),
            log_level=_one_of(environment.get("LOG_LEVEL") or "info", "LOG_LEVEL", LEVELS),
            trusted_proxies=_proxies(environment.get("TRUSTED_PROXIES") or ""),
            trusted_hosts=_hosts(environment.get("TRUSTED_HOSTS") or ""),
            metrics_token=_long_enough(environment, "METRICS_TOKEN"),
            publish_cooling=_cooling(environment),
            second_factor_from=_day(environment),
            acting_as=_account(environment),
        )


def _account(environment: Mapping[str, str]) -> str | None:
    """Return whom commands are run for; empty is nobody."""
    return environment.get("KINFOLD_AS") or None


def _shared_secret(environment: Mapping[str, str]) -> str | None:
    """Return the secret shared with the gateway of text messages; SMS_URL without it is refused."""
    said = said_secret(environment, "SMS_SECRET")
    if said is None and said_secret(environment, "SMS_URL") is not None:
        raise Misconfigured(
            "SMS_SECRET: want the secret shared with the gateway at SMS_URL; requests are signed "
            "with it"
        )
    return said


def _database_url(url: str) -> str:
    """Name the driver: `postgresql://` alone means another one in each SQLAlchemy line."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    if url.startswith(("postgresql+psycopg://", "sqlite:///")):
        return url
    raise Misconfigured("DATABASE_URL: want sqlite:///FILE or postgresql://…")


def _address(environment: Mapping[str, str], name: str, schemes: set[str]) -> str | None:
    value = said_secret(environment, name)
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        raise Misconfigured(f"{name}: want {' or '.join(sorted(schemes))}://host…")
    return value.rstrip("/")


def _base_url(environment: Mapping[str, str]) -> str:
    return _address(environment, "BASE_URL", {"http", "https"}) or "http://127.0.0.1:8000"


def _server(environment: Mapping[str, str], name: str, schemes: set[str]) -> str | None:
    """Return a server's address; in clear on this machine alone. Raises Misconfigured."""
    value = _address(environment, name, schemes)
    parts = urlsplit(value or "")
    is_clear = parts.scheme in IN_CLEAR or parse_qs(parts.query).get("starttls") == ["off"]
    if is_clear and parts.hostname not in HERE:
        raise Misconfigured(f"{name}: what goes without encryption is for this machine alone")
    return value


def _token_command(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words of the command that prints a token. Raises Misconfigured."""
    try:
        return tuple(shlex.split(environment.get("MAIL_TOKEN_COMMAND") or ""))
    except ValueError as error:
        raise Misconfigured(f"MAIL_TOKEN_COMMAND: want a command ({error})") from error


def _mailbox(environment: Mapping[str, str]) -> str | None:
    """Return where replies come in; a mailbox has a user and, without a token, a password."""
    parts = urlsplit((value := _server(environment, "MAIL_IN", {"lmtp", "imaps", "imap"})) or "")
    if _token_command(environment):
        _require_user(parts)
        return value
    if parts.scheme.startswith("imap") and not (parts.username and parts.password):
        raise Misconfigured(
            "MAIL_IN: want imaps://user:password@host/FOLDER (write @ as %40 and / as %2F)"
        )
    return value


def _require_user(parts: SplitResult) -> None:
    """Refuse a token without a mailbox, or a mailbox without whose it is. Raises Misconfigured."""
    if not parts.scheme.startswith("imap"):
        raise Misconfigured("MAIL_TOKEN_COMMAND: only a mailbox takes a token; want imaps://")
    if not parts.username:
        raise Misconfigured("MAIL_IN: want imaps://user@host/FOLDER (write @ as %40)")


def _proxies(value: str) -> tuple[str, ...]:
    """Read the addresses of the proxies before us. Raises Misconfigured for what is none."""
    named = tuple(part.strip() for part in value.split(",") if part.strip())
    for proxy in named:
        if proxy == "*" and named == ("*",):
            continue
        try:
            ip_address(proxy)
        except ValueError as error:
            raise Misconfigured(
                f"TRUSTED_PROXIES: {proxy} is no address; want those of the proxies before us, the "
                "nearest last, as 127.0.0.1, or * alone"
            ) from error
    return named


def _hosts(value: str) -> tuple[str, ...]:
    """Read names of hosts, without scheme and port. Raises Misconfigured for what is none."""
    named = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    for host in named:
        if not HOST.fullmatch(host):
            raise Misconfigured(
                f"TRUSTED_HOSTS: {host} is no name of a host; want names alone, as "
                "hl-sched.example, without https:// and port, with commas between"
            )
    return tuple(host.strip("[]") for host in named)


def _long_enough(environment: Mapping[str, str], name: str) -> str | None:
    """Return a secret that somebody chose; one that can be guessed is refused."""
    said = said_secret(environment, name)
    if said is not None and len(said) < SHORTEST_TOKEN:
        raise Misconfigured(f"{name}: want at least {SHORTEST_TOKEN} characters made by chance")
    return said


def _day(environment: Mapping[str, str]) -> date | None:
    """Return a day as YYYY-MM-DD, None where it is left out."""
    said = environment.get("SECOND_FACTOR_FROM")
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise Misconfigured(f"SECOND_FACTOR_FROM: want a day as 2027-01-31, not {said}") from error


def _folder(value: str | None) -> Path | None:
    if not value:
        return None
    if not Path(value).is_dir():
        raise Misconfigured(f"RECORDINGS_DIR: want a folder that is there, not {value}")
    return Path(value)


def _return_sign(environment: Mapping[str, str]) -> str | None:
    """Return the sign before the tag that our mail server takes as part of a name (RFC 5233)."""
    sign = environment.get("MAIL_RETURN_SIGN") or None
    if sign is not None and sign not in RETURN_SIGNS:
        raise Misconfigured(f"MAIL_RETURN_SIGN: want one of {' '.join(RETURN_SIGNS)}")
    return sign


def _one_of(value: str, name: str, words: tuple[str, ...]) -> str:
    if value.lower() not in words:
        raise Misconfigured(f"{name}: want one of {', '.join(words)}")
    return value.lower()


def _cooling(environment: Mapping[str, str]) -> timedelta:
    """Return the cooling of publications; in the demo, where a first look need not wait, none is
    usual.
    """
    usual = "3"
    if environment.get("KINFOLD_DEMO") == "1":
        usual = "0"
    said = environment.get("PUBLISH_COOLING_MINUTES")
    try:
        minutes = float(said or usual)
    except ValueError as error:
        raise Misconfigured("PUBLISH_COOLING_MINUTES: want a number of minutes") from error
    if not 0 <= minutes <= MOST_COOLING:
        raise Misconfigured(f"PUBLISH_COOLING_MINUTES: want from 0 to {MOST_COOLING} minutes")
    return timedelta(minutes=minutes)


def _seconds(environment: Mapping[str, str], name: str, usual: float) -> float:
    try:
        value = float(environment.get(name) or usual)
    except ValueError as error:
        raise Misconfigured(f"{name}: want a number of seconds") from error
    if not 0 < value <= 3600:
        raise Misconfigured(f"{name}: want more than 0 and at most 3600 seconds")
    return value
