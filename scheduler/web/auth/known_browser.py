"""Browsers that somebody signed in with before: strangers' failures do not bind them.

A signed cookie names the browser by a number of its own and, as hashes, who signed in with it. It
signs nobody in; it only lets a browser's own tries be counted apart from everybody else's.
"""

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address, ip_network

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from scheduler.kernel.clock import now
from scheduler.kernel.ids import new_id
from scheduler.people import count_attempt, forgive
from scheduler.people.models import Attempt, Person
from scheduler.web.auth.cookies import is_secure, named_cookie, signing_keys

BROWSER = "kinfold-browser"
ASKING = "code for"
"""What asking for a code is counted as."""
YEAR = 365 * 24 * 3600
MOST_PEOPLE = 5
"""Who signed in with one browser last; more are forgotten."""
HOUSEHOLD = 64
"""Bits of an IPv6 address that one household shares."""


def attempt_of(whose: str, what: str = "") -> Attempt:
    """Count one try to prove to be `whose` (an address or an id). Raises TooMany."""
    browser, people = _known()
    account = f"{what} {whose}".strip()
    if _is_among(whose, people):
        return count_attempt(
            account,
            f"browser {browser}",
            known=True,
            now=now(),
        )
    return count_attempt(account, counted_place(), now=now())


def forgive_asking(person: Person) -> None:
    """Let what was asked for here and led to the right code count as no failure."""
    browser, _people = _known()
    accounts = [f"{ASKING} {whose}" for whose in (person.email, person.id)]
    forgive(accounts, [f"browser {browser}", counted_place()], now=now())


def is_known_to(person: Person) -> bool:
    """True if this person, or somebody who shares their mailbox, signed in with this browser
    before.
    """
    people = _known()[1]
    return _is_among(person.id, people) or _is_among(person.email, people)


def is_known_as(address: str) -> bool:
    """True if somebody of this address signed in with this browser before; asks no database."""
    return _is_among(address, _known()[1])


def remember_browser(response: Response, person: Person) -> Response:
    """Let this browser be known to be one that `person` signs in with."""
    browser, people = _known()
    key = signing_keys()[-1]
    theirs = [_hash(person.id, key), _hash(person.email, key)]
    others = [known for known in people if known not in theirs]
    kept = [*theirs, *others][: 2 * MOST_PEOPLE]
    response.set_cookie(
        named_cookie(BROWSER),
        _signer().dumps([browser, kept]),
        max_age=YEAR,
        httponly=True,
        secure=is_secure(),
        samesite="Lax",
        path="/",
    )
    return response


def _known() -> tuple[str, list[str]]:
    """Return this browser's number and the hashes of who signed in with it; a new one's of
    nobody.
    """
    try:
        browser, people = _signer().loads(request.cookies.get(named_cookie(BROWSER), ""))
    except (BadSignature, ValueError, TypeError):
        return new_id(), []
    return str(browser), list(people)


def counted_place() -> str:
    """Return where a try is counted as coming from: an address, of IPv6 the household's part."""
    place = request.remote_addr or ""
    try:
        address = ip_address(place)
    except ValueError:
        return place
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, HOUSEHOLD), strict=False))
    return place


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(signing_keys(), salt=BROWSER)


def _is_among(whose: str, people: list[str]) -> bool:
    return any(_hash(whose, key) in people for key in signing_keys())


def _hash(whose: str, key: str) -> str:
    return hmac.new(
        key.encode(),
        whose.strip().lower().encode(),
        hashlib.sha256,
    ).hexdigest()[:24]
