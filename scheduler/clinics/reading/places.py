"""How a place in a clinic file is named: `patients[3].family[0].email`. Pure."""

import re

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def at_field(place: str, name: str) -> str:
    """Name the field `name` of what stands at `place`."""
    word = name if _PLAIN.fullmatch(name) else shown(name)
    return f"{place}.{word}" if place else word


def at_item(place: str, number: int) -> str:
    """Name the entry `number`, counted from 0, of the list at `place`."""
    return f"{place}[{number}]"


def owner_of(place: str) -> str:
    """Name the field that holds the entry at `place`; lists in lists are one field's."""
    return re.sub(r"(\[[0-9]+\])+$", "", place)


def shown(text: str) -> str:
    """Return something from the file fit for one line of a terminal: short, in quotes,
    printable.
    """
    short = text if len(text) <= 60 else text[:57] + "..."
    return (
        "'" + "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in short) + "'"
    )
