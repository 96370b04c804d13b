"""Where passkeys can be had, and what a challenge is good for."""

import pytest

from scheduler.people.proofs.challenge import Site, site_of

LOCAL = Site("localhost", "http://localhost:5000")


@pytest.mark.parametrize(
    ("base_url", "site"),
    [
        ("https://hl.example", Site("hl.example", "https://hl.example")),
        ("https://HL.example:8443/x", Site("hl.example", "https://hl.example:8443")),
        ("http://127.0.0.1:5000", LOCAL),
        ("http://localhost:5000", LOCAL),
        ("http://hl.example", None),
        ("https://192.0.2.1", None),
        ("https://[2001:db8::1]", None),
    ],
)
def test_passkeys_are_bound_to_a_name_reached_safely(base_url: str, site: Site | None) -> None:
    assert site_of(base_url) == site
