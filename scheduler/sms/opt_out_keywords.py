"""What counts as "no more text messages", and what asks for help. Pure.

The words the rule names, what carriers and gateways take for the same, and what a reasonable person
reads so (47 CFR 64.1200(a)(10)), in the languages that are written in. It always means this one
thing: REVOKE ends no consent about a patient, CANCEL cancels no session.
"""

import re
import unicodedata
from dataclasses import dataclass

RULE = "47 CFR 64.1200(a)(10)"
CARRIERS = "keywords that gateways reserve: Twilio (STOPALL, ALTO), AWS (REMOVE), Textizen (ALTO)"
REASONABLE = "what a reasonable person understands, 47 CFR 64.1200(a)(10)"


@dataclass(frozen=True, slots=True)
class Keywords:
    """Words that stand alone, or first but for courtesy; `source` says who takes them so."""

    language: str
    words: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Intention:
    """A whole thought, as a pattern over words in lower case without accents and punctuation."""

    language: str
    meaning: str
    pattern: str
    source: str = REASONABLE


FIRST = (
    Keywords("en", ("stop", "quit", "end", "revoke", "cancel", "unsubscribe", "optout"), RULE),
    Keywords("en", ("stopall", "remove"), CARRIERS),
    Keywords("es", ("alto",), CARRIERS),
    Keywords("es", ("parar", "pare", "paren", "basta", "baja", "detener", "detengan"), REASONABLE),
    Keywords("es", ("cancela", "cancelar", "cancele", "cancelen"), REASONABLE),
    Keywords("pt", ("sair", "pare", "parem", "parar", "chega", "cancele", "cancelem"), REASONABLE),
    Keywords("pt", ("descadastrar", "descadastre", "remover"), REASONABLE),
)
WHOLE = (
    Keywords("en", ("no more", "leave me alone", "enough", "not interested"), REASONABLE),
    Keywords("es", ("no mas", "ya no", "ya no mas", "para", "nunca mas"), REASONABLE),
    Keywords("es", ("no quiero", "no quiero mas", "ya no quiero", "ya no quiero mas"), REASONABLE),
    Keywords("es", ("no gracias", "no gracias ya no", "no me interesa"), REASONABLE),
    Keywords("pt", ("nao mais", "nunca mais", "para", "nao quero", "nao quero mais"), REASONABLE),
)
"""These say it only when nothing else is said: "no más tarde de las 5" is about an hour."""

_SEND_ES = (
    "(mand|envi|escrib|text|contact|molest|llam|notific|avis|mensaje)(o|a|e|es|as|an|en|eis|ais)"
)
_SEND_PT = "(mand|envi|escrev|contat|contact|perturb|incomod|notifi|avis|lig)(o|a|e|em|am|ue|uem)"
_THINGS = "(mensaj|mensag|texto|sms|aviso|recordatorio|lembrete|notifica)"
WITHIN = (
    Intention("en", "opt out", r"\bopt (me )?out\b", RULE),
    Intention("en", "unsubscribe", r"\bunsubscribe\b", RULE),
    Intention(
        "en",
        "stop writing",
        r"\b(stop|quit) (texting|sending|messag|these|contacting|writing|bothering)",
    ),
    Intention("en", "no more messages", r"\bno more (of (these|this|them|those)|text|messag|sms)"),
    Intention("en", "no more messages", r"\bno more (notif|remind)"),
    Intention(
        "en",
        "do not want them",
        r"\b(dont|do not|no longer) want (any |more |these |this |those |your |to (get|receive) )*"
        r"(texts?|messag|sms|remind|notif)",
    ),
    Intention(
        "en",
        "do not want them",
        r"\b(dont|do not|no longer) want (these|this|them|those)( any ?more)?$",
    ),
    Intention("en", "asks to stop", r"\b(can|could|will|would) you (please )?stop( this| it)?$"),
    Intention(
        "en",
        "do not write",
        r"\b(dont|do not|never) (text|send|contact|message|write|bother)( me| us|\b)",
    ),
    Intention("en", "off the list", r"\btake (me|us|my number) off\b"),
    Intention("en", "remove me", r"\b(remove|delete|lose) (me|us|my number|this number)\b"),
    Intention("en", "another's number", r"\bwrong (number|person)\b"),
    Intention("es", "do not write", rf"\bno (me|nos) (vuelv\w+ a )?{_SEND_ES}\b"),
    Intention("es", "do not write again", r"\bno (me|nos) vuelv\w+ a \w+"),
    Intention("es", "do not send", rf"\b(ya )?no (mas )?{_SEND_ES} (mas|{_THINGS})"),
    Intention(
        "es",
        "no more messages",
        rf"\bno (mas|quiero|deseo|necesito) (mas |estos |esos |sus |los )*{_THINGS}",
    ),
    Intention("es", "do not want them", r"\bno (quiero|deseo) (recibir|nada mas|mas nada)\b"),
    Intention(
        "es",
        "stop writing",
        r"\b(dej|par)(a|e|en|ad|es) (ya )?de (mand|envi|escrib|text|contact|molest|llam)",
    ),
    Intention(
        "es",
        "off the list",
        r"\b(me )?(quit|sa[cq]u?|borr|elimin|retir)(a|e|en|ue|uen)(me|nos|lo)\b",
    ),
    Intention(
        "es",
        "off the list",
        r"\b(quit|sa[cq]u?|borr|elimin|retir)\w* (mi numero|mis datos|de (la|su|esta) lista)",
    ),
    Intention("es", "off the list", r"\b(dar|da|de|den)(me)? de baja\b|\bdesuscrib"),
    Intention("es", "another's number", r"\b(numero|persona) equivocad[oa]\b"),
    Intention("pt", "do not write", rf"\bnao (me |nos )?{_SEND_PT} mais\b"),
    Intention("pt", "do not write", rf"\bnao (me|nos) {_SEND_PT}\b"),
    Intention("pt", "do not send", rf"\bnao {_SEND_PT} (me |mais )*{_THINGS}"),
    Intention("pt", "do not want them", rf"\bnao (quero|desejo) (mais )?(receber|{_THINGS})"),
    Intention(
        "pt",
        "stop writing",
        r"\bpar(a|e|em) (ja )?de (me )?(mand|envi|escrev|contat|perturb|incomod|lig)",
    ),
    Intention(
        "pt",
        "off the list",
        r"\b(me )?(tir|remov|exclu|retir|apag)(a|e|em|am|ir|er|ar) "
        r"(me |meu numero|(d|n)?est[ae] lista|da lista)",
    ),
    Intention("pt", "off the list", r"\bme (tir|remov|exclu|retir)(a|e|em|am)\b"),
    Intention("pt", "another's number", r"\b(numero|pessoa) errad[oa]\b|\bengano\b"),
)
COURTESY = (
    Keywords("en", ("please", "pls", "plz", "just", "ok", "okay", "hi", "hello"), REASONABLE),
    Keywords("en", ("thanks", "thank", "you"), REASONABLE),
    Keywords("es", ("por", "favor", "hola", "gracias", "ya"), REASONABLE),
    Keywords("pt", ("oi", "ola", "obrigado", "obrigada", "ja"), REASONABLE),
)
HELP = (
    Keywords("en", ("help", "info"), "CTIA messaging principles; Braze, Textizen (HELP, INFO)"),
    Keywords("es", ("ayuda", "auxilio"), "Twilio, Textizen: Spanish short codes"),
    Keywords("pt", ("ajuda",), REASONABLE),
)

_COURTESY = frozenset(word for row in COURTESY for word in row.words)
_FIRST = frozenset(word for row in FIRST for word in row.words)
_WHOLE = frozenset(word for row in WHOLE for word in row.words)
_HELP = frozenset(word for row in HELP for word in row.words)
_WITHIN = tuple(re.compile(row.pattern) for row in WITHIN)


def is_opt_out(words: str) -> bool:
    """True if a reply asks for no more text messages; case, accents and punctuation do not
    matter.
    """
    plain = _plain(words)
    meant = [word for word in plain.split() if word not in _COURTESY]
    if meant and meant[0] in _FIRST:
        return True
    if plain in _WHOLE or " ".join(meant) in _WHOLE:
        return True
    return any(pattern.search(plain) for pattern in _WITHIN)


def is_help(words: str) -> bool:
    """True if a reply is nothing but the word that asks who writes here."""
    meant = [word for word in _plain(words).split() if word not in _COURTESY]
    return len(meant) == 1 and meant[0] in _HELP


def _plain(words: str) -> str:
    """Return the words in lower case, without accents and punctuation, one space apart."""
    split = unicodedata.normalize("NFKD", words)
    bare = "".join(sign for sign in split if not unicodedata.combining(sign))
    spaced = re.sub(r"[\s\-_.,;:/!]+", " ", bare.casefold())
    return " ".join(re.sub(r"[^\w ]", "", spaced).split())
