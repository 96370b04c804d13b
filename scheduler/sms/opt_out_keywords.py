"""What counts as "no more text messages" (47 CFR 64.1200(a)(10)). Pure.

The words the rule names, and what a reasonable person reads so. It always means this one thing:
REVOKE ends no consent about a patient, CANCEL cancels no session.
"""

import re
import unicodedata

ALONE = frozenset(
    (
        *("stop", "stopall", "quit", "end", "revoke", "optout", "cancel", "unsubscribe"),
        *("alto", "parar", "pare", "basta", "baja", "cancelar", "detener", "sair"),
    )
)
"""Alone, or as the first word but for courtesy."""
COURTESY = frozenset(
    ("please", "pls", "plz", "just", "por", "favor", "ok", "okay", "hi", "hello", "hola")
)
WITHIN = (
    *(
        "opt out",
        "stop texting",
        "stop sending",
        "stop messag",
        "stop these",
        "no more text",
        "no more messag",
    ),
    *(
        "dont text",
        "do not text",
        "dont send",
        "do not send",
        "dont contact",
        "do not contact",
        "take me off",
    ),
    *(
        "remove me",
        "remove my number",
        "wrong number",
        "unsubscribe",
        "no mas mensajes",
        "dejen de",
        "no me escriba",
    ),
    *("no envien", "numero equivocado"),
    *("nao envie", "nao mande", "numero errado"),
)
"""Anywhere."""


def is_opt_out(words: str) -> bool:
    """True if a reply asks for no more text messages; case, accents and punctuation do not
    matter.
    """
    plain = _plain(words)
    first = next((word for word in plain.split() if word not in COURTESY), "")
    return first in ALONE or any(phrase in plain for phrase in WITHIN)


def _plain(words: str) -> str:
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", words) if not unicodedata.combining(sign)
    )
    return " ".join(re.sub(r"[^\w ]", "", re.sub(r"[\s\-_.,;:/!]+", " ", bare.casefold())).split())
