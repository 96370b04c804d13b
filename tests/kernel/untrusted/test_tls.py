"""Whatever we call is called by TLS 1.2 or newer, with sound ciphers, and must show who it is."""

import re
import ssl
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3] / "scheduler"


def test_every_context_of_ours_is_the_strict_one() -> None:
    made = []
    for path in ROOT.rglob("*.py"):
        text = path.read_text()
        made += re.findall(r"ssl\.(\w*[cC]ontext\w*|_create\w+|CERT_NONE|PROTOCOL_\w+)\b\(?", text)
        made += re.findall(r"check_hostname|verify_mode|set_ciphers|minimum_version", text)

    assert set(made) == {"create_default_context", "SSLContext"}
    assert [line for line in _uses_of("SSLContext(") if line] == []


def _uses_of(call: str) -> list[str]:
    return [path.name for path in ROOT.rglob("*.py") if f"ssl.{call}" in path.read_text()]


def test_strict_context_is_strict() -> None:
    context = ssl.create_default_context()
    weak = [cipher["name"] for cipher in context.get_ciphers() if cipher["strength_bits"] < 128]

    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert (context.verify_mode, context.check_hostname, weak) == (ssl.CERT_REQUIRED, True, [])
