"""The states by name. Pure."""

from functools import cache

import holidays


@cache
def _names() -> dict[str, str]:
    return {
        code: name for name, code in holidays.country_holidays("US").subdivisions_aliases.items()
    }


def state_name(code: str) -> str:
    """Return "Rhode Island" for `RI`; an unknown code as it is."""
    return _names().get(code, code)
