"""The words a patient signs, in plain language, by version: who is told what, what for, until when,
and their rights.

What 42 CFR 2.31(a) and 45 CFR 164.508(c)(2) want said; a version that was signed once stays here
for ever. Pure.
"""

from collections.abc import Collection
from dataclasses import dataclass

from scheduler.consents.model.purposes import PURPOSES, Information
from scheduler.programs import Kind

NEWEST = "2026-11"
"""The version signed now."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One version in one language: sentences with blanks, and the words for purposes and
    information.
    """

    sentences: tuple[str, ...]
    others: str
    purposes: dict[Kind, str]
    information: dict[Information, str]


_ENGLISH = Wording(
    sentences=(
        "I, {patient}, let {discloser} tell {person} what stands here, and nothing else.",
        "{what}",
        "{others}",
        "It ends {end}.",
        "I can take this back at any time: on my own pages, with two taps, or in writing at the "
        "clinic. From then on "
        "nothing more is told. What was told before cannot be untold.",
        "I do not have to sign. My treatment does not depend on it.",
        "Federal law (42 CFR part 2, HIPAA) forbids misuse of what {person} learns. Still, "
        "{person} could pass it on, "
        "and then it may no longer be protected.",
        "I get a copy of this.",
    ),
    others="In a multi-family group other families see {person} and me there. I agree to that.",
    purposes={
        Kind.FAMILY_THERAPY: "Family sessions",
        Kind.MULTI_FAMILY_GROUP: "Multi-family groups",
        Kind.PROGRESS_UPDATE: "Progress updates",
        Kind.DISCHARGE_PLANNING: "Planning for the time after",
        Kind.FAMILY_WORKSHOP: "Family workshops",
        Kind.CAREGIVER_GROUP: "Caregiver groups",
        Kind.CASE_CONSULT: "Meetings with other professionals who help me",
    },
    information={
        Information.TIMES: "when they are",
        Information.CLINICIAN: "who leads them",
        Information.PARTICIPATION: "that I take part",
        Information.TOPIC: "what they are about",
        Information.ATTENDANCE: "whether I come",
        Information.GOALS: "the goals I work on",
        Information.AFTERCARE: "what is planned for me afterwards",
    },
)

_SPANISH = Wording(
    sentences=(
        "Yo, {patient}, permito que {discloser} informe a {person} de lo que está aquí, y de "
        "nada más.",
        "{what}",
        "{others}",
        "Termina {end}.",
        "Puedo retirar este permiso en cualquier momento: en mis propias páginas, con dos "
        "toques, o por escrito en la "
        "clínica. Desde entonces no se informa de nada más. Lo que ya se dijo no se puede "
        "deshacer.",
        "No tengo que firmar. Mi tratamiento no depende de ello.",
        "La ley federal (42 CFR parte 2, HIPAA) prohíbe el mal uso de lo que {person} sepa. Aun "
        "así, {person} podría "
        "contarlo, y entonces quizá ya no esté protegido.",
        "Recibo una copia de esto.",
    ),
    others="En un grupo de varias familias, otras familias nos ven allí a {person} y a mí. Estoy "
    "de acuerdo.",
    purposes={
        Kind.FAMILY_THERAPY: "Sesiones familiares",
        Kind.MULTI_FAMILY_GROUP: "Grupos de varias familias",
        Kind.PROGRESS_UPDATE: "Informes de progreso",
        Kind.DISCHARGE_PLANNING: "Planes para después",
        Kind.FAMILY_WORKSHOP: "Talleres familiares",
        Kind.CAREGIVER_GROUP: "Grupos de cuidadores",
        Kind.CASE_CONSULT: "Reuniones con otros profesionales que me ayudan",
    },
    information={
        Information.TIMES: "cuándo son",
        Information.CLINICIAN: "quién las dirige",
        Information.PARTICIPATION: "que yo participo",
        Information.TOPIC: "de qué tratan",
        Information.ATTENDANCE: "si asisto",
        Information.GOALS: "las metas en que trabajo",
        Information.AFTERCARE: "lo que se planea para mí después",
    },
)

_PORTUGUESE = Wording(
    sentences=(
        "Eu, {patient}, permito que {discloser} informe {person} do que está aqui, e de nada mais.",
        "{what}",
        "{others}",
        "Termina {end}.",
        "Posso retirar esta permissão a qualquer momento: nas minhas próprias páginas, com dois "
        "toques, ou por escrito na clínica. A partir daí nada mais é informado. O que já foi dito "
        "não pode ser desfeito.",
        "Não sou obrigado ou obrigada a assinar. O meu tratamento não depende disso.",
        "A lei federal (42 CFR parte 2, HIPAA) proíbe o mau uso do que {person} vier a saber. "
        "Ainda assim, {person} poderia contar a outros, e então isso talvez não esteja mais "
        "protegido.",
        "Recebo uma cópia disto.",
    ),
    others="Em um grupo de várias famílias, outras famílias veem {person} e a mim ali. Concordo "
    "com isso.",
    purposes={
        Kind.FAMILY_THERAPY: "Sessões familiares",
        Kind.MULTI_FAMILY_GROUP: "Grupos de várias famílias",
        Kind.PROGRESS_UPDATE: "Informes de progresso",
        Kind.DISCHARGE_PLANNING: "Planos para depois",
        Kind.FAMILY_WORKSHOP: "Oficinas para famílias",
        Kind.CAREGIVER_GROUP: "Grupos de cuidadores",
        Kind.CASE_CONSULT: "Reuniões com outros profissionais que me ajudam",
    },
    information={
        Information.TIMES: "quando são",
        Information.CLINICIAN: "quem conduz",
        Information.PARTICIPATION: "que eu participo",
        Information.TOPIC: "de que tratam",
        Information.ATTENDANCE: "se eu compareço",
        Information.GOALS: "as metas em que trabalho",
        Information.AFTERCARE: "o que se planeja para mim depois",
    },
)

WORDINGS = {
    (NEWEST, "en"): _ENGLISH,
    (NEWEST, "es"): _SPANISH,
    (NEWEST, "pt-BR"): _PORTUGUESE,
}


@dataclass(frozen=True, slots=True)
class Blanks:
    """What is written into a wording: names as signed, and the end in words."""

    patient: str
    person: str
    discloser: str
    purposes: Collection[Kind]
    others: bool
    end: str


def languages() -> tuple[str, ...]:
    """Return the languages the newest wording stands in."""
    return tuple(language for version, language in WORDINGS if version == NEWEST)


def statement_lines(version: str, language: str, blanks: Blanks) -> list[str]:
    """Return what is signed, sentence by sentence; English where a language is not written.
    KeyError: unknown version.
    """
    words = WORDINGS.get((version, language)) or WORDINGS[version, "en"]
    lines: list[str] = []
    for sentence in words.sentences:
        if sentence == "{what}":
            lines += [
                f"{words.purposes[purpose]}: {_listed(words, purpose)}."
                for purpose in sorted(blanks.purposes)
            ]
        elif sentence != "{others}":
            names = {
                "patient": blanks.patient,
                "person": blanks.person,
                "discloser": blanks.discloser,
            }
            lines.append(sentence.format(**names, end=blanks.end))
        elif blanks.others:
            lines.append(words.others.format(person=blanks.person))
    return lines


def purpose_words(language: str) -> dict[Kind, tuple[str, str]]:
    """Return each purpose's name and what it lets be told, for choosing."""
    words = WORDINGS.get((NEWEST, language)) or WORDINGS[NEWEST, "en"]
    return {
        purpose: (words.purposes[purpose], _listed(words, purpose)) for purpose in words.purposes
    }


def information_words(language: str) -> dict[Information, str]:
    """Return what may be told, in the words that are signed; English where a language is not
    written.
    """
    return dict((WORDINGS.get((NEWEST, language)) or WORDINGS[NEWEST, "en"]).information)


def _listed(words: Wording, purpose: Kind) -> str:
    return ", ".join(
        words.information[information]
        for information in Information
        if information in PURPOSES[purpose].carries
    )
