"""Telephone numbers, in whatever form they come, in the one form that is kept (E.164). Pure."""

import re

import phonenumbers

REGION = "US"
"""Where a number without a country is dialled: practices stand in one of the United States."""

LONGEST_AT_HOME = 10
"""Digits of a number without its country; what is longer may have it without the plus."""
MEXICO = 52
"""Until 2019 a 1 stood before mobile numbers there; gateways and address books still write it."""
WHOLE = phonenumbers.ValidationResult.IS_POSSIBLE
_BESIDE = re.compile(r"\([^()\d]*\)|\(0\)")
"""Words in brackets, and the 0 that is dialled at home only."""


def to_e164(written: str, region: str = REGION) -> str | None:
    """Return a number as "+" and digits, None for what is no telephone number.

    Gateways write the country without its plus, people write the number as it is dialled at home
    and whose it is beside it; a text sent by mail comes from the number at a carrier's domain.
    """
    before_at = written.partition("@")[0]
    bare = _BESIDE.sub(" ", before_at)
    number = _in_e164(bare, region)
    digits = "".join(sign for sign in bare if sign.isdigit())
    if number is None and len(digits) > LONGEST_AT_HOME:
        abroad = digits.removeprefix("00")
        number = _in_e164(f"+{abroad}", None)
    return number


def _in_e164(written: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    said = str(number.national_number)
    if number.country_code == MEXICO and len(said) == 11 and said.startswith("1"):
        number.national_number = int(said[1:])
    # `is_possible_number` is content with what can be dialled within one town only.
    if phonenumbers.is_possible_number_with_reason(number) != WHOLE:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
