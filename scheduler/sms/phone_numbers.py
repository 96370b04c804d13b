"""Telephone numbers, in whatever form they come, in the one form that is kept (E.164). Pure."""

import phonenumbers

REGION = "US"
"""Where a number without a country is dialled: practices stand in one of the United States."""


def to_e164(written: str, region: str = REGION) -> str | None:
    """Return a number as "+" and digits, None for what is no telephone number.

    Gateways write the country without its plus, people write the number as it is dialled at home.
    """
    digits = "".join(sign for sign in written if sign.isdigit())
    abroad = f"+{digits.removeprefix('00')}"
    return _in_e164(written, region) or _in_e164(abroad, None)


def _in_e164(written: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
