"""The words of the pages on which a patient lets somebody know, in the languages a statement stands
in. Pure.
"""

from dataclasses import dataclass

from scheduler.consents.model.models import Ending


@dataclass(frozen=True, slots=True)
class Words:
    """One language: headings, labels, buttons, and what is wrong when something is."""

    title: str
    intro: str
    about: str
    until: str
    program_end: str
    on_a_day: str
    last_day: str
    show: str
    read_first: str
    gets: str
    no_letter: str
    behind: str
    code_button: str
    change: str
    sign: str
    code_sent: str
    name: str
    code: str
    sign_button: str
    no_purpose: str
    no_end: str
    bad_day: str
    bad_name: str
    bad_code: str
    not_alone: str
    planned: str


ENGLISH = Words(
    title="What may {person} know?",
    intro="Choose only what you want. You can stop it again at any time.",
    about="{person} may know of",
    until="Until when?",
    program_end="Until my program ends",
    on_a_day="Until a day I choose",
    last_day="The last day",
    show="Show me what {person} would get",
    read_first="What you sign",
    gets="What {person} would get",
    no_letter="Nothing is planned yet that {person} can be invited to. A letter will only say "
    "“Appointment”, the day "
    "and the time.",
    behind="What it is, and with whom, {person} reads on a page that opens with a code.",
    code_button="Send me a code to sign",
    change="Change my choice",
    sign="Sign",
    code_sent="A letter with six digits is on its way to you. It works for ten minutes.",
    name="Your full name",
    code="The six digits",
    sign_button="Sign: {person} may know this",
    no_purpose="Choose at least one thing {person} may know of.",
    no_end="Choose until when.",
    bad_day="Choose a day from today on, within two years.",
    bad_name="Type your name as it stands above: {patient}.",
    bad_code="This code is not right, or it is older than ten minutes. Ask for a new one.",
    not_alone="You cannot sign this alone. Talk with your clinic: they know who must sign with "
    "you.",
    planned="As planned today, your program ends on {day}.",
)

SPANISH = Words(
    title="¿Qué puede saber {person}?",
    intro="Elija solo lo que usted quiera. Puede terminarlo en cualquier momento.",
    about="{person} puede saber de",
    until="¿Hasta cuándo?",
    program_end="Hasta que termine mi programa",
    on_a_day="Hasta un día que yo elija",
    last_day="El último día",
    show="Mostrarme lo que recibiría {person}",
    read_first="Lo que usted firma",
    gets="Lo que recibiría {person}",
    no_letter="Todavía no hay nada planeado a lo que se pueda invitar a {person}. Una carta dirá "
    "solo «Appointment», "
    "el día y la hora.",
    behind="Qué es, y con quién, {person} lo lee en una página que se abre con un código.",
    code_button="Enviarme un código para firmar",
    change="Cambiar mi elección",
    sign="Firmar",
    code_sent="Una carta con seis cifras va en camino. Sirve durante diez minutos.",
    name="Su nombre completo",
    code="Las seis cifras",
    sign_button="Firmar: {person} puede saber esto",
    no_purpose="Elija al menos una cosa que {person} pueda saber.",
    no_end="Elija hasta cuándo.",
    bad_day="Elija un día a partir de hoy, dentro de dos años.",
    bad_name="Escriba su nombre como está arriba: {patient}.",
    bad_code="Este código no es correcto o tiene más de diez minutos. Pida otro.",
    not_alone="Usted no puede firmar esto a solas. Hable con su clínica: saben quién debe firmar "
    "con usted.",
    planned="Según lo previsto hoy, su programa termina el {day}.",
)

WORDS = {"en": ENGLISH, "es": SPANISH}
ENDS = {
    "en": ("on {date}", "when my program ends", "when I am discharged"),
    "es": ("el {date}", "cuando termine mi programa", "cuando me den de alta"),
}
"""A date, the program's end, discharge: as a statement says them."""
UNTIL_EVENT = {
    "en": {Ending.PROGRAM_END: "until my program ends", Ending.DISCHARGE: "until I am discharged"},
    "es": {
        Ending.PROGRAM_END: "hasta que termine mi programa",
        Ending.DISCHARGE: "hasta que me den de alta",
    },
}
"""An event that ends a consent, as a patient's list says it."""
UNTIL_DAY = {"en": "through {day}", "es": "hasta el {day}"}
AS_PLANNED = {
    "en": "{event} ({day} as planned today)",
    "es": "{event} ({day} según lo previsto hoy)",
}
"""An event with its day: signed is the event, so the day may still change."""
