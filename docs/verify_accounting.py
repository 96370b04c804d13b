#!/usr/bin/env python3
"""Check what a practice signed, an accounting of disclosures or the certificate of a drill:
`python3 verify_accounting.py FILE [--key HEX]`.

Exit 0: every byte is as it was signed. 1: it is not, or another key signed it. 2: no such file.
Needs Python 3.9 and nothing else: the signature is Ed25519 (RFC 8032, 5.1).
"""

import hashlib
import json
import sys

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT = pow(2, (PRIME - 1) // 4, PRIME)


def add(left, right):
    """Return the sum of two points in extended coordinates (RFC 8032, 5.1.4)."""
    a = (left[1] - left[0]) * (right[1] - right[0]) % PRIME
    b = (left[1] + left[0]) * (right[1] + right[0]) % PRIME
    c = 2 * left[3] * right[3] * CURVE % PRIME
    d = 2 * left[2] * right[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def times(number, point):
    """Return a point added to itself `number` times."""
    total = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def are_same(left, right):
    """True if two points are the same."""
    same_x = (left[0] * right[2] - right[0] * left[2]) % PRIME == 0
    same_y = (left[1] * right[2] - right[1] * left[2]) % PRIME == 0
    return same_x and same_y


def recover_x(y, sign):
    """Return x of a point by its y and the sign of x, None when there is none (5.1.3)."""
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE * y * y + 1, PRIME - 2, PRIME)
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME != 0:
        x = x * ROOT % PRIME
    if (x * x - square) % PRIME != 0:
        return None
    if x == 0 and sign:
        return None
    return x if (x & 1) == sign else PRIME - x


def read_point(octets):
    """Return the point that 32 octets mean, None when they mean none."""
    if len(octets) != 32:
        return None
    number = int.from_bytes(octets, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % PRIME)


def is_signed(public, message, signature):
    """True if `signature` is that of `message` by the key `public` (RFC 8032, 5.1.7)."""
    key, commitment = read_point(public), read_point(signature[:32])
    if len(signature) != 64 or key is None or commitment is None:
        return False
    answer = int.from_bytes(signature[32:], "little")
    if answer >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    base_y = 4 * pow(5, PRIME - 2, PRIME) % PRIME
    base_x = recover_x(base_y, 0)
    base = (base_x, base_y, 1, base_x * base_y % PRIME)
    return are_same(times(answer, base), add(commitment, times(challenge, key)))


def written(document):
    """Return the one way in which a signed file is written."""
    return (json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def fault_of(octets, wanted_key=None):
    """Return what is wrong with a file, None when every byte is as it was signed."""
    document = json.loads(octets)
    if written(document) != octets:
        return "it is not written as it was signed"
    signature = document.pop("signature")
    public, value = bytes.fromhex(signature["key"]), bytes.fromhex(signature["value"])
    # The signature does not cover its own words: there is one way to write them, too.
    if signature != {"algorithm": "Ed25519", "key": public.hex(), "value": value.hex()}:
        return "its signature is not written as it was"
    if wanted_key is not None and signature["key"] != wanted_key.lower():
        return "another key signed it: " + signature["key"]
    if not is_signed(public, written(document), value):
        return "it was changed after it was signed"
    return None


def told_by(document):
    """Return in a few words what a file says that is whole."""
    if "drill" in document:
        late = document.get("letters_after_the_answer")
        return f"a drill of {document['drill']}, {late} letters after the answer"
    return f"{len(document.get('disclosures', []))} disclosures"


def main(words):
    """Answer the command; return its exit code."""
    wanted_key = None
    if "--key" in words:
        place = words.index("--key")
        wanted_key = words[place + 1] if place + 1 < len(words) else ""
        words = words[:place] + words[place + 2 :]
    if len(words) != 1:
        print(__doc__)
        return 2
    try:
        with open(words[0], "rb") as file:
            octets = file.read()
    except OSError as error:
        print(f"{words[0]}: {error.strerror}", file=sys.stderr)
        return 2
    try:
        fault = fault_of(octets, wanted_key)
    except (ValueError, KeyError, TypeError, AttributeError):
        fault = "it is no signed file any more"
    if fault is not None:
        print(f"{words[0]}: {fault}", file=sys.stderr)
        return 1
    document = json.loads(octets)
    print(f"whole: {told_by(document)}, signed by {document['signature']['key']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
