"""Where an entry of a subscribed calendar leads: the front page, from which everybody comes to
pages of their own after sign-in. It holds no secret.
"""

_base_url = ""


def lead_to(base_url: str) -> None:
    """Tell this process where its pages begin (no slash at the end); done by the factory, once."""
    global _base_url
    _base_url = base_url


def page_link() -> str:
    """Return the address that an entry carries; "" before `lead_to`: then it carries none."""
    return f"{_base_url}/" if _base_url else ""
