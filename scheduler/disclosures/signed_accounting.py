"""The accounting as a signed file, so that whoever was handed it can prove what it said.

It is signed with Ed25519 (RFC 8032) by a key made of the practice's secret; `docs/
verify_accounting.py` checks it with Python alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scheduler import audit
from scheduler.disclosures.accounting_of_disclosures import Disclosure, accounting
from scheduler.kernel.errors import Misconfigured
from scheduler.people import practice, relatives_of
from scheduler.people.models import Person

FORMAT = "kinfold-accounting/1"

_key: bytes | None = None


@dataclass(frozen=True, slots=True)
class SignedAccounting:
    """A file ready to be handed over, and the key that signed it, as 64 hexadecimal digits."""

    octets: bytes
    key: str


def sign_with(key: bytes) -> None:
    """Take the 32 octets of the key that accountings are signed with."""
    global _key
    _key = key


def sign_accounting(
    patient: Person, *, since: datetime, by: str, now: datetime
) -> SignedAccounting:
    """Return all that a patient's relatives were told since `since` as a signed file, and write
    down that it was made (42 CFR 2.25).
    """
    if _key is None:
        raise Misconfigured("accountings have no key to be signed with")
    house = practice()
    rows = accounting(patient.id, since=since, zone=house.zone)
    relatives = {relative.id: relative for relative in relatives_of(patient)}
    document: dict[str, Any] = {
        "format": FORMAT,
        "practice": house.name,
        "patient": {"key": patient.key, "name": patient.name},
        "since": _moment(since),
        "made_at": _moment(now),
        "disclosures": [_told(row, relatives[row.person_id]) for row in rows],
    }
    private = Ed25519PrivateKey.from_private_bytes(_key)
    public = private.public_key().public_bytes_raw().hex()
    value = private.sign(written(document)).hex()
    document["signature"] = {"algorithm": "Ed25519", "key": public, "value": value}
    audit.append("accounting.signed", f"person {patient.id}", {"rows": len(rows)}, by=by, now=now)
    return SignedAccounting(written(document), public)


def written(document: Mapping[str, Any]) -> bytes:
    """Return the one way in which an accounting is written, so that every byte counts."""
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()


def _told(row: Disclosure, relative: Person) -> dict[str, Any]:
    relation = relative.relative.relationship_word if relative.relative else None
    person = {"key": relative.key, "name": relative.name, "relation": relation}
    return {
        "at": _moment(row.at),
        "person": person,
        "letter": row.letter,
        "page": row.page.value if row.page else None,
        "purposes": sorted(row.purposes),
        "consents": sorted(row.grant_ids),
        "certain": row.certain,
        "times": row.times,
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
