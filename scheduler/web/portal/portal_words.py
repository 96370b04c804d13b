"""The words around and on a patient's pages about who may know, in the languages a statement stands
in. Pure.
"""

from dataclasses import dataclass

from scheduler.consents.model.models import Signer


@dataclass(frozen=True, slots=True)
class Words:
    """One language: the frame of the pages, whom to let know, the copy, withdrawing."""

    language: str
    skip: str
    pages: str
    agenda: str
    feed: str
    sharing: str
    told: str
    sign_out: str
    look_again: str
    back: str
    let_know: str
    nothing_unsigned: str
    somebody_missing: str
    nobody_known: str
    you_signed: str
    signed_on: str
    your_copy: str
    by_hand: str
    parts: tuple[str, ...]
    others: tuple[str, str]
    signer: str
    capacities: dict[Signer, str]
    signed_how: str
    withdrawn: str
    keep: str
    let_another: str
    who_may: str
    nobody_told: str
    nobody_to_stop: str
    stop: str
    stop_sure: str
    stop_all: str
    stop_all_sure: str
    at_once: str
    at_once_all: str
    about: str
    everything: str
    calendar: str
    calendars: str
    clear: str
    leave: str
    leave_all: str
    stop_now: str
    unchanged: str
    stopped: str
    nothing_leaves: str
    already: str
    waiting_one: str
    waiting: str
    unsure: str
    letters: dict[str, str]


ENGLISH = Words(
    language="en",
    skip="Skip to the page",
    pages="Your pages",
    agenda="My appointments",
    feed="My calendar",
    sharing="Who may know",
    told="Who was told what",
    sign_out="Sign out",
    look_again="Please look again",
    back="Back",
    let_know="Let somebody know",
    nothing_unsigned="Nobody is told anything unless you sign for it. Whom would you like to let "
    "know of some of your "
    "appointments?",
    somebody_missing="Somebody is missing? Tell your clinic their name and mail address.",
    nobody_known="Your clinic knows nobody of your family yet. Tell them the name and mail "
    "address of the person you "
    "would like to let know.",
    you_signed="What you signed",
    signed_on="{person}, signed {day}",
    your_copy="Your copy",
    by_hand="You signed a paper about {person} by hand. Your clinic keeps the paper and gives "
    "you a copy of it. "
    "It says:",
    parts=(
        "Who may know",
        "Who may tell them",
        "About",
        "What of it",
        "Until when",
        "Signed by",
        "Recorded by your clinic",
    ),
    others=("Other families", "see you both in a multi-family group"),
    signer="{name}, {capacity}, on {day}",
    capacities={
        Signer.PATIENT: "for yourself",
        Signer.GUARDIAN: "as your parent or guardian",
        Signer.PROXY: "as your representative",
        Signer.BOTH: "together with you",
    },
    signed_how="Signed by {name} on {day}, with the name typed and a one-time code, at {at}.",
    withdrawn="Withdrawn since: {what}.",
    keep="To keep this, print the page or save it as a PDF from your browser. It also stays here.",
    let_another="Let somebody else know",
    who_may="Who may know what",
    nobody_told="Nobody is told anything about you. You can let somebody know of some of your "
    "appointments.",
    nobody_to_stop="Nobody is told anything about you, so there was nothing to stop.",
    stop="Stop telling {person}",
    stop_sure="Stop telling {person}?",
    stop_all="Stop telling everybody",
    stop_all_sure="Stop telling everybody?",
    at_once="It counts at once, and nobody asks you why. What {person} knows already cannot be "
    "taken back.",
    at_once_all="It counts at once, and nobody asks you why. What they know already cannot be "
    "taken back. From then on "
    "nothing is told to:",
    about="About what",
    everything="Everything",
    calendar="Their calendar",
    calendars="Their calendars",
    clear="Take the appointments out, without saying why",
    leave="Leave it as it is: they get no message",
    leave_all="Leave them as they are: they get no message",
    stop_now="Stop now",
    unchanged="Back, change nothing",
    stopped="Stopped",
    nothing_leaves="Nothing further will leave.",
    already="This was already handed over:",
    waiting_one="1 letter still waiting will never be sent.",
    waiting="{count} letters still waiting will never be sent.",
    unsure="may have arrived",
    letters={
        "invitation": "an appointment",
        "update": "a changed appointment",
        "cancellation": "no longer on their calendar",
        "reminder": "a reminder",
    },
)

SPANISH = Words(
    language="es",
    skip="Ir a la página",
    pages="Sus páginas",
    agenda="Mis citas",
    feed="Mi calendario",
    sharing="Quién puede saber",
    told="A quién se le dijo qué",
    sign_out="Salir",
    look_again="Por favor, mire otra vez",
    back="Volver",
    let_know="Permitir que alguien sepa",
    nothing_unsigned="A nadie se le dice nada si usted no lo firma. ¿A quién quiere permitir "
    "saber de algunas de sus "
    "citas?",
    somebody_missing="¿Falta alguien? Diga a su clínica su nombre y su dirección de correo.",
    nobody_known="Su clínica no conoce todavía a nadie de su familia. Dígale el nombre y la "
    "dirección de correo de la "
    "persona a la que quiere permitir saber.",
    you_signed="Lo que usted firmó",
    signed_on="{person}, firmado el {day}",
    your_copy="Su copia",
    by_hand="Usted firmó a mano un papel sobre {person}. Su clínica guarda el papel y le da una "
    "copia. Dice:",
    parts=(
        "Quién puede saber",
        "Quién puede decírselo",
        "Sobre",
        "Qué de ello",
        "Hasta cuándo",
        "Firmado por",
        "Anotado por su clínica",
    ),
    others=("Otras familias", "les ven a ambos en un grupo de varias familias"),
    signer="{name}, {capacity}, el {day}",
    capacities={
        Signer.PATIENT: "por usted",
        Signer.GUARDIAN: "como su madre, padre o tutor",
        Signer.PROXY: "como su representante",
        Signer.BOTH: "junto con usted",
    },
    signed_how="Firmado por {name} el {day}, con el nombre escrito y un código de un solo uso, a "
    "las {at}.",
    withdrawn="Retirado después: {what}.",
    keep="Para guardarla, imprima la página o guárdela como PDF desde su navegador. También se "
    "queda aquí.",
    let_another="Permitir que otra persona sepa",
    who_may="Quién puede saber qué",
    nobody_told="A nadie se le dice nada de usted. Puede permitir que alguien sepa de algunas de "
    "sus citas.",
    nobody_to_stop="A nadie se le dice nada de usted, así que no había nada que terminar.",
    stop="Dejar de informar a {person}",
    stop_sure="¿Dejar de informar a {person}?",
    stop_all="Dejar de informar a todos",
    stop_all_sure="¿Dejar de informar a todos?",
    at_once="Vale desde ahora mismo, y nadie le pregunta por qué. Lo que {person} ya sabe no se "
    "puede deshacer.",
    at_once_all="Vale desde ahora mismo, y nadie le pregunta por qué. Lo que ya saben no se "
    "puede deshacer. Desde "
    "entonces no se informa de nada a:",
    about="Sobre qué",
    everything="Todo",
    calendar="Su calendario",
    calendars="Sus calendarios",
    clear="Quitar las citas, sin decir por qué",
    leave="Dejarlo como está: no recibe ningún mensaje",
    leave_all="Dejarlos como están: no reciben ningún mensaje",
    stop_now="Terminar ahora",
    unchanged="Volver sin cambiar nada",
    stopped="Terminado",
    nothing_leaves="No saldrá nada más.",
    already="Esto ya se había entregado:",
    waiting_one="1 carta que aún esperaba no se enviará nunca.",
    waiting="{count} cartas que aún esperaban no se enviarán nunca.",
    unsure="puede que haya llegado",
    letters={
        "invitation": "una cita",
        "update": "una cita cambiada",
        "cancellation": "ya no está en su calendario",
        "reminder": "un recordatorio",
    },
)

MINE = {"en": ENGLISH, "es": SPANISH}
