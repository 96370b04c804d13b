"""What pages with passkeys share: where they are bound to, what the device is asked, what is
listed.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from urllib.parse import urlsplit

from flask import current_app, request

from scheduler import audit
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.installation import has_extra
from scheduler.people import (
    Door,
    Site,
    new_challenge,
    passkeys_of,
    practice,
    site_of,
)
from scheduler.people.models import Person
from scheduler.web.auth.proofs.typed_code import asking_browser

OWN_MACHINE = "localhost"
TIMEOUT = 5 * 60 * 1000
"""Milliseconds that a device waits for its owner."""


def site_here() -> Site | None:
    """Return what passkeys are bound to here; None where browsers give none at this address (on
    this machine itself they want its name), and where nothing here can check one.
    """
    if not has_extra("passkeys"):
        return None
    site = site_of(current_app.config["KINFOLD"].base_url)
    if site is None or site.host != OWN_MACHINE:
        return site
    if urlsplit(f"//{request.host}").hostname == OWN_MACHINE:
        return site
    return None


def door_to(purpose: str, person: Person | None = None) -> Door | None:
    """Return where a passkey is shown for one purpose, from this browser; None where there is no
    place for it.
    """
    site = site_here()
    if site is None:
        return None
    whose = person.id if person is not None else ""
    about = f"{purpose} {whose} {asking_browser()}"
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return Door(site, hmac.new(secret, b"passkeys", hashlib.sha256).digest(), about)


def asks_to_use(door: Door) -> str:
    """Return what the browser hands to a device that has a passkey (PublicKeyCredential
    RequestOptions as JSON): any of this site, its owner verified.
    """
    asked = {
        "challenge": _challenge(door),
        "rpId": door.site.host,
        "timeout": TIMEOUT,
        "userVerification": "required",
        "allowCredentials": [],
    }
    return json.dumps(asked)


def asks_to_make(door: Door, person: Person) -> str:
    """Return what the browser hands to a device that shall make a passkey (PublicKeyCredential
    CreationOptions as JSON): one that it finds by itself, its owner verified, no name of its maker.
    """
    known = []
    for row in passkeys_of(person):
        known.append({"type": "public-key", "id": row.credential})
    user = {"id": _b64(person.id.encode()), "name": person.email, "displayName": person.email}
    asked = {
        "challenge": _challenge(door),
        "rp": {"id": door.site.host, "name": practice().outward_name},
        "user": user,
        "pubKeyCredParams": [{"type": "public-key", "alg": kind} for kind in door.site.signatures],
        "timeout": TIMEOUT,
        "attestation": "none",
        "excludeCredentials": known,
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
    }
    return json.dumps(asked)


def note_refused(why: str, person_id: str | None) -> None:
    """Write down that a passkey proved nothing, and why. Commits."""
    about = f"person {person_id}" if person_id else "nobody known"
    details = {"proof": "passkey", "why": why}
    audit.append("sign_in.failed", about, details, by="somebody", now=now())
    db.session.commit()


def _challenge(door: Door) -> str:
    return _b64(new_challenge(door.key, about=door.about, now=now()))


def _b64(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
