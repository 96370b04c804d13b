"""Where an entry of a subscribed calendar leads: to the page of its date, which asks everybody who
comes to sign in first. It holds no secret.
"""

_base_url = ""


def lead_to(base_url: str) -> None:
    """Tell this process where its pages begin (no slash at the end); done by the factory, once."""
    global _base_url
    _base_url = base_url


def page_link(session_id: str) -> str:
    """Return the address that the entry of a session carries; "" before `lead_to`: then it carries
    none.
    """
    return f"{_base_url}/date/{session_id}" if _base_url else ""
