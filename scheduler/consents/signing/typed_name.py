"""Whether a name typed as a signature is the signer's: spelling counts, keyboards do not. Pure."""

import unicodedata


def is_name_of(typed: str, name: str) -> bool:
    """True if `typed` is `name`, but for accents, capitals and white space; nothing typed is
    nobody's name.
    """
    return bool(_plain(typed)) and _plain(typed) == _plain(name)


def _plain(name: str) -> str:
    """Take the name apart (NFKD), drop what stands on letters, fold capitals, join by one space."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    apart = unicodedata.normalize("NFKD", folded)
    letters = (letter for letter in apart if not unicodedata.combining(letter))
    return " ".join("".join(letters).split())
