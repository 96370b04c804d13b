"""Mail addresses as servers and programs want them, and as two of them are compared. Pure.

Domains beyond ASCII go by IDNA 2008 (RFC 5891), where `ß` is a letter of its own.
"""

import unicodedata
from contextlib import suppress

import idna
from email_validator import EmailNotValidError, validate_email

MOST = 254
"""Characters of a whole address (RFC 5321 4.5.3.1.3)."""
MOST_LOCAL_OCTETS = 64
"""Before the @ (RFC 5321 4.5.3.1.1)."""


def checked_form(address: str) -> str:
    """Return an address as it is kept, its domain in lower case (RFC 5321, as `email-validator` has
    it). Raises ValueError that says what is wrong with it.
    """
    try:
        checked = validate_email(address[: MOST + 1], check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError("this is not a mail address; write it as name@practice.example") from None
    if is_local_too_long(checked):
        raise ValueError(
            f"before the @ stand more than {MOST_LOCAL_OCTETS} octets; no server takes it"
        )
    return checked


def wire_form(address: str) -> str:
    """Return an address for an envelope, a header or a calendar: its domain in ASCII, so that a
    local part beyond ASCII alone needs SMTPUTF8 (RFC 6531). Raises ValueError for a domain that is
    none.
    """
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{_ascii(domain)}"


def compared_form(address: str) -> str:
    """Return the form in which all spellings of an address are equal: lower case, composed letters
    (RFC 6532 3.1), the domain in its own. A domain that is none stays as it is.
    """
    composed = unicodedata.normalize("NFC", address.strip().lower())
    if is_spelt_one_way(composed):
        return composed
    local, at, domain = composed.rpartition("@")
    with suppress(ValueError):
        domain = idna.decode(_ascii(domain))
    return f"{local}{at}{domain}"


def is_spelt_one_way(address: str) -> bool:
    """True if the spellings of an address differ in nothing but capitals."""
    return address.isascii() and "xn--" not in address.lower()


def spellings(address: str) -> set[str]:
    """Return the spellings of an address in lower case: as it stands, as it is compared and with
    its domain in ASCII.
    """
    compared = compared_form(address)
    found = {address.strip().lower(), compared}
    with suppress(ValueError):
        found.add(wire_form(compared))
    return found


def is_local_too_long(address: str) -> bool:
    """True if no mail server need take what stands before the @."""
    local, _, _ = address.rpartition("@")
    return len(local.encode()) > MOST_LOCAL_OCTETS


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    return idna.encode(domain, uts46=True).decode("ascii")
