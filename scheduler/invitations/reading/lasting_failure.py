"""Whether what a mail server says means that an address will never take a letter, or that this
letter, or this hour, was the trouble. Pure.

RFC 3463: class 4 passes; of class 5 subject 1 is about the address, the others mostly are not: a
full mailbox (5.2.2), a rule about content (5.6, 5.7), a fault of systems on the way (5.3 to 5.5).
"""

import re

ABOUT_THE_ADDRESS = frozenset(
    {
        "5.1.0",
        "5.1.1",
        "5.1.2",
        "5.1.3",
        "5.1.4",
        "5.1.6",
        "5.1.10",
        "5.2.1",
        "5.4.1",
        "5.4.4",
    }
)
"""No such mailbox, no such domain, moved without a word, switched off; 5.4.1 is Exchange's word for
a recipient it does not know, 5.1.10 that of a domain that takes no mail (RFC 7505).
"""
SAYS_NOTHING = frozenset({"", "5.0.0", "5.2.0"})
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\b(4\d\d|5\d\d)\b")
_ADDRESS_CODES = frozenset({"550", "551", "553", "556"})
"""RFC 5321 4.2.3, and RFC 7504 for a host that takes none."""
_OTHER_TROUBLE = re.compile(
    r"(?i)quota|mailbox (is )?(full|over)|insufficient (system )?storage|too (large|big)"
    r"|try (again )?later|temporar|grey ?list|rate|spam|blocked|block ?list|blacklist|reputation"
    r"|policy|dmarc|spf|dkim|content|virus|relay|timed? ?out|sender"
)


def is_for_good(status: str, words: str = "") -> bool:
    """True if a failure means the address itself; `status` is an enhanced code, `words` what the
    server said with it.
    """
    if status in ABOUT_THE_ADDRESS:
        return True
    if status not in SAYS_NOTHING:
        return False
    return not _OTHER_TROUBLE.search(words)


def refused_for_good(answer: str) -> bool:
    """True if a mail server that was given a letter said so of its address: at RCPT by any code,
    later only by an enhanced one.

    `answer` is kept as "RCPT: 550 5.1.1 no such user".
    """
    verb, _, said = answer.partition(":")
    code = _CODE.search(said)
    if code is None or code.group(1).startswith("4"):
        return False
    is_at_rcpt = verb == "RCPT"
    found = _STATUS.search(said)
    if found is None:
        says_address = code.group(1) in _ADDRESS_CODES
        return is_at_rcpt and says_address and is_for_good("", said)
    status = found.group(1)
    if status in SAYS_NOTHING and not is_at_rcpt:
        return False
    return is_for_good(status, said)
