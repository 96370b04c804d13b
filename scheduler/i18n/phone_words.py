"""Telephone numbers as people read them. Pure."""

import re

NORTH_AMERICA = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")


def telephone(number: str) -> str:
    """Return a number in E.164 in groups, "+1 617-555-0100"; one from outside North America as it
    is, for how its digits are grouped differs by place.
    """
    found = NORTH_AMERICA.fullmatch(number)
    if found is None:
        return number
    area, exchange, line = found.groups()
    return f"+1 {area}-{exchange}-{line}"
