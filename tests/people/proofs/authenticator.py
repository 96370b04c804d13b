"""A telephone that keeps passkeys, in software: what a browser hands over, and what a forger
would.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


class Telephone:
    """One passkey (ES256) for one site; every part of what it says can be made otherwise."""

    def __init__(self, host: str, origin: str, user: str) -> None:
        self.host = host
        self.origin = origin
        self.user = user
        self.flags = PRESENT | VERIFIED
        self.uses = 0
        self.name = secrets.token_bytes(32)
        self.private = ec.generate_private_key(ec.SECP256R1())

    def make(self, challenge: bytes) -> str:
        """Answer navigator.credentials.create()."""
        attested = bytes(16) + len(self.name).to_bytes(2, "big") + self.name + self._public()
        about = self._about(self.flags | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})
        return self._said(
            {
                "clientDataJSON": b64(self._client("webauthn.create", challenge)),
                "attestationObject": b64(attestation),
            }
        )

    def answer(self, challenge: bytes, **told: Any) -> str:
        """Answer navigator.credentials.get()."""
        self.uses += 1
        client = self._client("webauthn.get", challenge, **told)
        about = self._about(self.flags)
        signed = about + hashlib.sha256(client).digest()
        return self._said(
            {
                "clientDataJSON": b64(client),
                "authenticatorData": b64(about),
                "signature": b64(self.private.sign(signed, ec.ECDSA(hashes.SHA256()))),
                "userHandle": b64(self.user.encode()),
            }
        )

    def _client(self, kind: str, challenge: bytes, **told: Any) -> bytes:
        said = {"type": kind, "challenge": b64(challenge), "origin": self.origin}
        return json.dumps(said | told).encode()

    def _about(self, flags: int) -> bytes:
        site = hashlib.sha256(self.host.encode()).digest()
        return site + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _public(self) -> bytes:
        numbers = self.private.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _said(self, response: dict[str, str]) -> str:
        name = b64(self.name)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


class OlderTelephone(Telephone):
    """One that signs with RSA alone (RS256), as computers of before 2022 do."""

    def _public(self) -> bytes:
        return cbor2.dumps({1: 3, 3: -257, -1: secrets.token_bytes(256), -2: b"\x01\x00\x01"})
