"""The check-up of passkeys: what they are bound to, and whether that is our address."""

from scheduler.config import Config
from scheduler.kernel.errors import KinfoldError
from scheduler.people import passkeys_by_host, site_of


def check_passkeys(settings: Config) -> str:
    """Say which name passkeys are bound to. Raises KinfoldError for those made under another."""
    site = site_of(settings.base_url)
    host = site.host if site is not None else ""
    standing = passkeys_by_host()
    lost = {name: many for name, many in standing.items() if name != host}
    if lost:
        said = ", ".join(f"{many} for {name}" for name, many in sorted(lost.items()))
        raise KinfoldError(
            f"made for another name than BASE_URL says, so they open nothing: {said}; set BASE_URL "
            "back, or let their people add new ones"
        )
    if site is None:
        return "none can be had: BASE_URL is no name reached by https"
    return f"{standing.get(host, 0)} for {host}"
