"""The words of the list of who was told what, in the languages a patient reads it in. Pure."""

from dataclasses import dataclass

from scheduler.disclosures.models import Opened


@dataclass(frozen=True, slots=True)
class Words:
    """One language: headings, sentences, and what each letter and page is called."""

    language: str
    title: str
    on_paper: str
    print_this: str
    since: str
    no_family: str
    nothing: str
    behind: str
    was_told: str
    when: str
    what: str
    about: str
    consent: str
    told_nothing: str
    keep: str
    letter: str
    letters: dict[str, str]
    pages: dict[Opened, str]
    times: str
    unsure: str
    signed: str
    withdrawn: str


ENGLISH = Words(
    language="en",
    title="Who was told what",
    on_paper="{house}. For {patient}, as of {day}.",
    print_this="Print this",
    since="Since {day}, the last three years. Times are {zone}.",
    no_family="No relative is known here, so nobody was told anything.",
    nothing="Nobody was told anything: no letter left and no page was opened.",
    behind="A letter says only when an appointment is. What it is, and with whom, stands on a "
    "page that opens with a "
    "code.",
    was_told="What {person} was told",
    when="When",
    what="What",
    about="About",
    consent="Consent",
    told_nothing="Was told nothing.",
    keep="To keep this, print the page or save it as a PDF from your browser.",
    letter="Letter",
    letters={
        "invitation": "Letter: an appointment",
        "update": "Letter: a changed appointment",
        "cancellation": "Letter: no longer on their calendar",
        "reminder": "Letter: a reminder",
        "code": "Letter: a code for their page",
    },
    pages={
        Opened.HOME: "Opened their list of appointments",
        Opened.INVITATION: "Opened the page of an appointment",
        Opened.ROOM: "Opened the online room",
    },
    times=" {count} times that day",
    unsure=", may not have arrived",
    signed="signed {signed}, through {end}",
    withdrawn="signed {signed}, withdrawn {end}",
)

SPANISH = Words(
    language="es",
    title="A quién se le dijo qué",
    on_paper="{house}. Para {patient}, a día {day}.",
    print_this="Imprimir esto",
    since="Desde el {day}, los últimos tres años. Las horas están en {zone}.",
    no_family="Aquí no se conoce a ningún familiar, así que a nadie se le dijo nada.",
    nothing="A nadie se le dijo nada: no salió ninguna carta y no se abrió ninguna página.",
    behind="Una carta solo dice cuándo es una cita. Qué es, y con quién, está en una página que "
    "se abre con un código.",
    was_told="Lo que se le dijo a {person}",
    when="Cuándo",
    what="Qué",
    about="Sobre",
    consent="Permiso",
    told_nothing="No se le dijo nada.",
    keep="Para guardarla, imprima la página o guárdela como PDF desde su navegador.",
    letter="Carta",
    letters={
        "invitation": "Carta: una cita",
        "update": "Carta: una cita cambiada",
        "cancellation": "Carta: ya no está en su calendario",
        "reminder": "Carta: un recordatorio",
        "code": "Carta: un código para su página",
    },
    pages={
        Opened.HOME: "Abrió su lista de citas",
        Opened.INVITATION: "Abrió la página de una cita",
        Opened.ROOM: "Abrió la sala en línea",
    },
    times=", {count} veces ese día",
    unsure=", puede que no haya llegado",
    signed="firmado el {signed}, hasta el {end}",
    withdrawn="firmado el {signed}, retirado el {end}",
)

TOLD = {"en": ENGLISH, "es": SPANISH}
