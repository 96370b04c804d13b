"""The states by name. Pure."""

from functools import cache

import holidays


@cache
def _names() -> dict[str, str]:
    country = holidays.country_holidays("US")
    codes = country.subdivisions_aliases
    return {code: name for name, code in codes.items()}


def state_name(code: str) -> str:
    """Return "Rhode Island" for `RI`; an unknown code as it is."""
    return _names().get(code, code)


def state_names() -> dict[str, str]:
    """Return the states' names by their codes."""
    return dict(_names())
