"""Texts are sealed with AES-256-GCM; older keys and an older program's texts still open."""

import base64
import string
from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from scheduler.kernel.errors import Misconfigured
from scheduler.kernel.schema import sealed_text
from scheduler.kernel.schema.sealed_text import seal, unseal, use_keys

NEW, OLD = b"n" * 32, b"o" * 32
WORDS = "JBSWY3DPEHPK3PXP"
ALPHABET = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}-_"
"""Base64's own, as addresses have it (RFC 4648 5)."""


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    """Leave the house's own keys as they were."""
    before = sealed_text._keys
    use_keys([OLD])
    yield
    sealed_text._keys = before


def test_same_text_is_sealed_otherwise_each_time() -> None:
    first, second = seal(WORDS), seal(WORDS)

    assert first != second
    assert (WORDS in first, unseal(first), unseal(second)) == (False, WORDS, WORDS)


def test_text_of_an_older_key_opens_and_the_newest_seals() -> None:
    before = seal(WORDS)
    use_keys([NEW, OLD])
    after = seal(WORDS)
    assert (unseal(before), unseal(after)) == (WORDS, WORDS)

    use_keys([OLD])
    with pytest.raises(Misconfigured, match="sealed by another"):
        unseal(after)


def test_text_of_an_older_program_opens() -> None:
    sealed = Fernet(base64.urlsafe_b64encode(OLD)).encrypt(WORDS.encode()).decode()

    assert unseal(sealed) == WORDS


def test_changed_text_does_not_open() -> None:
    sealed = seal(WORDS)
    changes = []
    for place in range(len(sealed)):
        sign = "A" if sealed[place] != "A" else "B"
        changes.append(sealed[:place] + sign + sealed[place + 1 :])
    opened = []
    for changed in changes:
        try:
            opened.append(unseal(changed))
        except Misconfigured:
            continue

    assert opened == []


def test_other_spelling_of_the_same_octets_does_not_open() -> None:
    sealed = seal(WORDS)
    beside = ALPHABET[ALPHABET.index(sealed[-2]) + 1]
    changed = f"{sealed[:-2]}{beside}="
    assert base64.urlsafe_b64decode(changed[4:]) == base64.urlsafe_b64decode(sealed[4:])

    with pytest.raises(Misconfigured):
        unseal(changed)


def test_text_is_sealed_with_aes_256_gcm() -> None:
    octets = base64.urlsafe_b64decode(seal(WORDS).removeprefix("gcm."))

    assert AESGCM(OLD).decrypt(octets[:12], octets[12:], None) == WORDS.encode()
    assert len(OLD) * 8 == 256
