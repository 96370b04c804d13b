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
SLIPS = "slips of a thumb, what a reasonable person understands"
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
    Keywords("en", ("stopall", "unsub", "unsubscribed"), CARRIERS),
    Keywords("en", ("stopp", "stpo", "sotp", "st0p", "stopplease", "unsubcribe"), SLIPS),
    Keywords("es", ("basta", "desuscribir", "desinscribir"), REASONABLE),
    Keywords("pt", ("descadastrar", "descadastre", "desinscrever"), REASONABLE),
    Keywords(
        "fr", ("arret",), "the word of Canadian carriers, github.com/cds-snc/notification-api"
    ),
)
"""These say it at the head of a sentence, too."""
WHOLE = (
    Keywords("en", ("remove", "stopped", "opted out", "out", "discontinue", "cease"), REASONABLE),
    Keywords("en", ("un subscribe", "cease and desist", "do not disturb", "block"), REASONABLE),
    Keywords("es", ("alto",), CARRIERS),
    Keywords(
        "es", ("parar", "pare", "paren", "baja", "detener", "detengan", "detente"), REASONABLE
    ),
    Keywords("es", ("cancela", "cancelar", "cancele", "cancelen", "anular"), REASONABLE),
    Keywords("es", ("salir", "fin", "finalizar", "terminar", "no molestar"), REASONABLE),
    Keywords("pt", ("sair", "quero sair", "pare", "parem", "parar", "chega"), REASONABLE),
    Keywords("pt", ("cancele", "cancelem", "remover"), REASONABLE),
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
_OURS_EN = (
    r"((these|this|those|your|the|text|appointment) )*"
    r"(this|these|them|those|texts?|txts?|messag\w*|sms|msgs?|notif\w*|remind\w*|alerts?)\b"
)
_AGAIN = r"(again|any ?more|ever)\b"
WITHIN = (
    Intention(
        "en",
        "opt out",
        rf"\b(?<!cant )(?<!cannot )opt (me |us )?out\b(?! of (?!{_OURS_EN}))",
        RULE,
    ),
    Intention("en", "unsubscribe", r"\bunsubscribe\b", RULE),
    Intention(
        "en", "revoke", r"\b(revoke|withdraw|take back) (my |our )?(consent|permission)\b", RULE
    ),
    Intention(
        "en",
        "stop writing",
        r"\b(?<!to )(stop|quit|cease) (it |all )?(texting|messaging|contacting|writing|bothering)",
    ),
    Intention(
        "en", "stop writing", r"\b(stop|quit|cease|discontinue) (sending|getting|receiving)\b"
    ),
    Intention(
        "en",
        "stop them",
        rf"\b(stop|quit|cease|discontinue|end|cancel|turn off|block) (all )?{_OURS_EN}",
    ),
    Intention("en", "no more messages", rf"\bno more (of )?{_OURS_EN}"),
    Intention(
        "en",
        "do not want them",
        r"\b(dont|do not|no longer) want "
        rf"((any|more|of|to|get|receive|getting|receiving) )*{_OURS_EN}(?! (is|are|was|were)\b)",
    ),
    Intention("en", "asks to stop", r"\b(can|could|will|would) you (please )?stop( this| it)?$"),
    Intention(
        "en",
        "do not write",
        r"\b(?<!you )(dont|do not|never) (ever )?"
        rf"(text|txt|contact|message|bother|write( to)?) (me|us|this number|{_AGAIN})",
    ),
    Intention(
        "en",
        "do not send them",
        r"\b(?<!you )(dont|do not|never) send (me |us )?(any |more )*"
        rf"({_OURS_EN}|anything|{_AGAIN})",
    ),
    Intention(
        "en",
        "do not write",
        r"^(please )?(dont|do not|never) (text|txt|contact|message|bother|write|send)( please)?$",
    ),
    Intention("en", "off the list", r"\btake (me|us|(my|this) (phone )?number) off\b"),
    Intention(
        "en",
        "remove me",
        r"\b(?<!to )(remove|delete|lose) (me|us|my (phone )?number|this (phone )?number)\b",
    ),
    Intention(
        "en",
        "another's number",
        r"\bwrong (number|person|phone|no|num)\b(?! (is|was|came|at|on|for|in)\b)",
    ),
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
    Intention(
        "es", "off the list", rf"\b(cancel|anul|deten|par)\w* (la |los |las |sus |estos )*{_THINGS}"
    ),
    Intention("es", "off the list", r"\b(cancel|anul)\w* (la |mi )?su[bs]*cripcion"),
    Intention(
        "es",
        "another's number",
        r"\b(numero|persona) equivocad[oa]\b(?! (en|de la|es|vino)\b)",
    ),
    Intention("es", "another's number", r"\bequivoc\w+ de (numero|persona)\b"),
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
    Intention(
        "pt",
        "off the list",
        rf"\b(cancel|par)\w* (a |o |os |as |de |essas |esses )*(envi\w*|{_THINGS})",
    ),
    Intention("pt", "another's number", r"\b(numero|pessoa) errad[oa]\b|\bengano\b"),
    Intention("pt", "another's number", r"\berrou (o|de) numero\b"),
)
COURTESY = (
    Keywords(
        "en",
        ("please", "pls", "plz", "just", "ok", "okay", "hi", "hello", "hey", "reply"),
        REASONABLE,
    ),
    Keywords("en", ("thanks", "thank", "you"), REASONABLE),
    Keywords("es", ("por", "favor", "hola", "gracias", "ya"), REASONABLE),
    Keywords("pt", ("oi", "ola", "obrigado", "obrigada", "ja"), REASONABLE),
)
HELP = (
    Keywords("en", ("help", "info"), "CTIA messaging principles; Braze, Textizen (HELP, INFO)"),
    Keywords("es", ("ayuda", "auxilio"), "Twilio, Textizen: Spanish short codes"),
    Keywords("pt", ("ajuda",), REASONABLE),
)

ANOTHERS = (
    "stop by",
    "stop at",
    "stop in",
    "stop over",
    "stop for",
    "end of",
    "end at",
    "end by",
    "end session",
    "quit smoking",
    "quit drinking",
    "quit my",
    "quit work",
)
"""How sentences begin that are about something else, whatever word they begin with."""
_REACTION = re.compile(
    r"(?is)^\W*(liked|loved|disliked|laughed at|emphasized|questioned|reacted \S+ to"
    r"|le gust[oó]|me gusta|le encant[oó]|le dio risa|curtiu|gostou de|amou|riu de|enfatizou)"
    r"\s*:?\s*[\"“«„]"
)
"""A reaction that a phone writes out as words, with our own message quoted behind it."""
_STOP_SIGN = "\N{OCTAGONAL SIGN}"

_COURTESY = frozenset(word for row in COURTESY for word in row.words)
_FIRST = frozenset(word for row in FIRST for word in row.words)
_WHOLE = frozenset(word for row in WHOLE for word in row.words)
_HELP = frozenset(word for row in HELP for word in row.words)
_WITHIN = tuple(re.compile(row.pattern) for row in WITHIN)


def is_opt_out(words: str) -> bool:
    """True if a reply asks for no more text messages; case, accents and punctuation do not
    matter.
    """
    if _REACTION.match(words):
        return False
    plain = _plain(words)
    meant = _meant(plain)
    told = " ".join(meant)
    begins = tuple(f"{start} " for start in ANOTHERS)
    is_first = bool(meant) and meant[0] in _FIRST
    if is_first and not told.startswith(begins):
        return True
    if plain in _WHOLE or told in _WHOLE:
        return True
    return any(pattern.search(plain) for pattern in _WITHIN)


def is_keyword_alone(words: str) -> bool:
    """True if a reply is one word, courtesy aside: there is nothing else to read in it."""
    return len(_meant(_plain(words))) <= 1


def is_help(words: str) -> bool:
    """True if a reply is nothing but the word that asks who writes here."""
    meant = _meant(_plain(words))
    return len(meant) == 1 and meant[0] in _HELP


def _meant(plain: str) -> list[str]:
    """Return the words without those of courtesy."""
    return [word for word in plain.split() if word not in _COURTESY]


def _plain(words: str) -> str:
    """Return the words in lower case, without accents and punctuation, one space apart."""
    split = unicodedata.normalize("NFKD", words.replace(_STOP_SIGN, " stop "))
    bare = "".join(sign for sign in split if not unicodedata.combining(sign))
    spaced = re.sub(r"[\s\-_.,;:/!]+", " ", bare.casefold())
    single = re.sub(r"[^\w ]", "", spaced).split()
    if single and all(len(letter) == 1 for letter in single):
        return "".join(single)  # S T O P
    return " ".join(single)
