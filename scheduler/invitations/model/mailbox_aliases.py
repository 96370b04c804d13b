"""When two mail addresses are one mailbox, as far as that can be known from outside. Pure."""

from scheduler.ical import bare_address

SAME = {"googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com"}
"""Domains of one provider under which each mailbox answers by both names."""


def same_mailbox(one: str, other: str) -> bool:
    """True if two addresses differ only in case, a +tag, or a name of the same provider
    (G14).
    """
    return mailbox_of(one) == mailbox_of(other)


def mailbox_of(address: str) -> str:
    """Return the form under which all spellings of a mailbox are equal; dots count nothing at
    Gmail.
    """
    name, _, domain = bare_address(address).rpartition("@")
    domain = SAME.get(domain, domain)
    before_tag = name.partition("+")[0]
    name = before_tag or name
    if domain == "gmail.com":
        name = name.replace(".", "")
    return f"{name}@{domain}"
