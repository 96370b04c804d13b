"""Secrets of the settings: said in the environment or in a file it names, else kept beside the data
and made on first use.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from scheduler.kernel.errors import Misconfigured
from scheduler.kernel.installation import usual_instance
from scheduler.kernel.keys.kept_keys import KeptKeys, read_keys
from scheduler.kernel.keys.key_file import (
    coming_key,
    made_on_first_use,
    put_in_place,
    refuse_lost_key,
)

INSTANCE = usual_instance()


def said_secret(environment: Mapping[str, str], name: str) -> str | None:
    """Return a secret as the environment says it, None: it does not. Raises Misconfigured."""
    path = environment.get(f"{name}_FILE")
    if path is None:
        return environment.get(name) or None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Misconfigured(f"{name}_FILE: cannot read {path} ({error.strerror})") from error


def installed_keys(
    environment: Mapping[str, str], instance: Path, database_url: str
) -> tuple[str, str, KeptKeys]:
    """Return SECRET_KEY, DATABASE_KEY ("" on PostgreSQL) and what is kept beside them; keys left
    out are made on first use.
    """
    database_file = None
    database_key = ""
    if database_url.startswith("sqlite:"):
        if said_secret(environment, "DATABASE_KEY") is None:
            refuse_lost_key(instance / "database_key", database_url)
        database_file = _kept_in(environment, "DATABASE_KEY", instance)
        database_key = _kept_secret(environment, "DATABASE_KEY", instance)
    secret_file = _kept_in(environment, "SECRET_KEY", instance)
    keys = read_keys(_kept_secret(environment, "SECRET_KEY", instance), of="SECRET_KEY")
    kept = KeptKeys(
        former=keys.former,
        secret_file=secret_file,
        database_file=database_file,
        coming_secret=coming_key(secret_file),
        coming_database=coming_key(database_file),
    )
    return keys.newest, database_key, kept


def _kept_secret(environment: Mapping[str, str], name: str, instance: Path) -> str:
    """Return the secret as set, else the one kept in a file of mode 0600, made now when there is
    none.
    """
    return said_secret(environment, name) or made_on_first_use(instance / name.lower(), name)


def _kept_in(environment: Mapping[str, str], name: str, instance: Path) -> Path | None:
    """Return the file in which a secret is kept; None: it stands in the environment itself."""
    named = environment.get(f"{name}_FILE")
    if named is not None:
        return Path(named)
    if environment.get(name):
        return None
    return instance / name.lower()


def refuse_said_secret(name: str, environment: Mapping[str, str] = os.environ) -> None:
    """Refuse to keep a secret beside one that the environment says. Raises Misconfigured."""
    if said_secret(environment, name) is not None:
        raise Misconfigured(
            f"{name}: the copy was made under another one; leave {name} and {name}_FILE unset, "
            "then the copy's own is kept in KINFOLD_INSTANCE"
        )


def keep_secret(name: str, value: str, environment: Mapping[str, str] = os.environ) -> Path:
    """Keep a secret that was got back, the one before it under a name of its own; give its file."""
    folder = Path(environment.get("KINFOLD_INSTANCE", INSTANCE))
    return put_in_place(folder / name.lower(), value)
