"""What `doctor` says of the keys that are kept in files."""

import stat
from pathlib import Path

from sqlalchemy.engine.url import make_url

from scheduler.config import Config
from scheduler.kernel.errors import KinfoldError


def check_keys(settings: Config) -> str:
    """Return that nobody else reads the kept keys. Raises KinfoldError, also for a change of them
    that was cut off.
    """
    folder = Path(make_url(settings.database_url).database or ".").parent
    kept = [
        settings.kept_keys.database_file or folder / "database_key",
        settings.kept_keys.secret_file or folder / "secret_key",
    ]
    open_to_others = []
    for path in kept:
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            open_to_others.append(path.name)
    if settings.kept_keys.coming_secret or settings.kept_keys.coming_database:
        raise KinfoldError("a change of keys was cut off: `secrets rotate` does it anew or ends it")
    if open_to_others:
        raise KinfoldError(f"{', '.join(open_to_others)} can be read by others: chmod 600")
    return "readable by their owner alone"
