"""Passkeys by the rules of WebAuthn: the one place that knows the library.

User verification is required of every answer, so that a passkey alone stands for two factors: the
device, and the finger, face or number that it asks for.
"""

import binascii
import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass

from scheduler.kernel.errors import KinfoldError
from scheduler.people.proofs.challenge import Site

LONGEST = 32 * 1024
"""Characters of what a browser hands over."""
LONGEST_NAME = 1400
"""Characters of what a device calls a passkey: 1,023 octets in base64url."""


class PasskeyRefused(KinfoldError):
    """A passkey that proves nothing here; it says why, for the record."""

    person_id: str | None = None
    """Whose it is, where that is known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser handed over, not yet believed."""

    document: str
    credential: str
    challenge: bytes
    user: str | None
    """Whom the device takes its owner for; None: it does not say."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """The public half of a passkey that was made just now."""

    credential: str
    public_key: bytes
    uses: int


def read_answer(document: str) -> Answer:
    """Take apart what a browser handed over. Raises PasskeyRefused for what is no such thing."""
    if not 0 < len(document) <= LONGEST:
        raise PasskeyRefused("nothing was handed over")
    try:
        said = json.loads(document)
        response = said["response"]
        told = json.loads(_octets(response["clientDataJSON"]))
        handle = response.get("userHandle")
        answer = Answer(
            document=document,
            credential=str(said["id"]),
            challenge=_octets(told["challenge"]),
            user=_octets(handle).decode() if handle else None,
        )
        is_framed = told.get("crossOrigin") is True
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PasskeyRefused("what was handed over is no passkey") from error
    if is_framed:
        raise PasskeyRefused("it was asked for inside another site")
    if len(answer.credential) > LONGEST_NAME:
        raise PasskeyRefused("what was handed over is no passkey")
    return answer


def check_new_key(answer: Answer, site: Site) -> NewKey:
    """Return a passkey that was made for this site, its person verified. Raises PasskeyRefused."""
    from webauthn import verify_registration_response  # slow to import, and wanted only here
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    try:
        made = verify_registration_response(
            credential=answer.document,
            expected_challenge=answer.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier(kind) for kind in site.signatures],
        )
    except Exception as error:  # whatever a hostile document raises, it proves nothing
        raise PasskeyRefused(_why(error)) from error
    return NewKey(answer.credential, made.credential_public_key, made.sign_count)


def check_use(answer: Answer, site: Site, public_key: bytes) -> int:
    """Return the device's count of uses, when the holder of the private half signed our challenge
    at this site, verified. Raises PasskeyRefused; what the count means is the caller's to judge.
    """
    from webauthn import verify_authentication_response

    try:
        used = verify_authentication_response(
            credential=answer.document,
            expected_challenge=answer.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:
        raise PasskeyRefused(_why(error)) from error
    return used.new_sign_count


def _octets(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError(text) from error


def _why(error: Exception) -> str:
    """Return the library's reason in one short line."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
