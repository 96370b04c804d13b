"""How many messages a text becomes on its way, and the same words in letters that cost less. Pure.

GSM 03.38: 160 letters of its alphabet in one message, 153 in each of several; any other letter
makes it UCS-2, 70 in one and 67 in each of several.
"""

import unicodedata

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_AS_TWO = frozenset("^{}\\[~]|€\f")
NO_DECOMPOSITION = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def segments(words: str) -> int:
    """Return how many messages a text is sent as."""
    if all(letter in GSM or letter in GSM_AS_TWO for letter in words):
        length = len(words) + sum(letter in GSM_AS_TWO for letter in words)
        return _messages(length, 160, 153)
    return _messages(len(words.encode("utf-16-be")) // 2, 70, 67)


def plain_letters(words: str) -> str:
    """Return the words with each letter that is not of the GSM alphabet as the nearest that is: á
    as a, a narrow space as a space; what has no nearest stays.
    """
    return "".join(_plain(letter) for letter in words.translate(NO_DECOMPOSITION))


def _plain(letter: str) -> str:
    if letter in GSM:
        return letter
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _messages(length: int, alone: int, together: int) -> int:
    if length <= alone:
        return 1
    return -(-length // together)
