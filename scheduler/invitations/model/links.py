"""What only the settings know and letters need: where links begin, and the key that personal links
are made with.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from scheduler.kernel.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """`base_url` begins every link (no slash at its end); `key` is this purpose's own, 32 bytes;
    `reads_mail` says whether somebody reads what is written back to letters.
    """

    base_url: str
    key: bytes
    reads_mail: bool = False


_settings: LinkSettings | None = None


def configure(settings: LinkSettings) -> None:
    """Tell this process where its links begin and how they are made; done by the factory, once."""
    global _settings
    _settings = settings


def link_settings() -> LinkSettings:
    """Return what `configure` was told. Raises Misconfigured before that."""
    if _settings is None:
        raise Misconfigured(
            "invitations were not told where links begin (BASE_URL) and with which key to make them"
        )
    return _settings


def is_mail_read() -> bool | None:
    """True if somebody reads what is written back to letters; None before `configure`."""
    return None if _settings is None else _settings.reads_mail


def link_token(uid: str) -> str:
    """Return the 256-bit secret of the personal page for `uid`: always the same, so that an update
    repeats the link.
    """
    said = f"invitation:{uid}".encode()
    digest = hmac.new(link_settings().key, said, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def link(uid: str) -> str:
    """Return the address of the personal page for `uid`."""
    return f"{link_settings().base_url}/i/{link_token(uid)}"


def join_link(uid: str) -> str:
    """Return the personal address that opens the room at its time."""
    return f"{link_settings().base_url}/j/{link_token(uid)}"


def home_link() -> str:
    """Return the address of a patient's own pages, behind sign-in."""
    return f"{link_settings().base_url}/mine"


def front_link() -> str:
    """Return the address that leads anybody to pages of their own, after sign-in."""
    return f"{link_settings().base_url}/"


def desk_link() -> str:
    """Return the address of the desk, behind sign-in."""
    return f"{link_settings().base_url}/"
