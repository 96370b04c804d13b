"""The few words that letters are made of, in each language we write; everything neutral. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language: weekdays and months as `date` counts them, then sentences."""

    days: tuple[str, ...]
    months: tuple[str, ...]
    date: str
    hours_24: bool
    zone: str
    there: str
    all_zone: str
    subject: str
    subject_many: str
    subject_changed: str
    subject_gone: str
    subject_soon: str
    subject_stays: str
    invites: str
    changed: str
    several: str
    belongs: str
    gone: str
    soon: str
    asks: str
    asks_short: str
    stop: str
    stays: str
    was: str
    now: str
    lost: str
    added: str
    title: str
    place: str
    clock: str
    phone: str
    address: str
    by_phone: str
    answer: str
    page: str
    entry: str
    sender: str
    copy_subject: str
    copy: str
    ending_subject: str
    ending: str


ENGLISH = Phrases(
    days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    date="{weekday} {day} {month}",
    hours_24=False,
    zone="{city} time",
    there="{times} where you are",
    all_zone="All times are {zone}.",
    subject="{title} {first}",
    subject_many="{title} from {first}",
    subject_changed="Changed: {title} {first}",
    subject_gone="No longer on your calendar: {title} {first}",
    subject_soon="{title} {first}",
    subject_stays="Stays as it is: {title} {first}",
    invites="{sender} invites you.",
    changed="{sender} has changed this.",
    several=(
        "{sender} has changed several things on your calendar. This message tells all of it; "
        "those with the same "
        "subject that come with it only keep your calendar right."
    ),
    belongs="This belongs to the message with the same subject and only keeps your calendar right.",
    gone="This is no longer on your calendar. You need not do anything.",
    soon="A reminder from {sender}.",
    asks="Please say on your page whether you will come.",
    asks_short="Will you come?",
    stop="Reply STOP to end.",
    stays="The time you proposed is not possible. Everything stays as it is.",
    was="Until now",
    now="From now on",
    lost="No longer on your calendar",
    added="New",
    title="Title",
    place="Address of your page",
    clock="Time zone",
    phone="By phone",
    address="Sender",
    by_phone="By phone: {phone}",
    answer=(
        "Answer with the buttons of your mail or calendar program. Without one, open your page "
        "and choose there. "
        "If it does not appear in your calendar, answer once and it will."
    ),
    page="Your page",
    entry="With this link you join, from 15 minutes before the start. Your own page, to see "
    "details and to answer:",
    sender="This message was sent by {sender}. It is meant for you alone.",
    copy_subject="Your copy",
    copy="Your copy of what you signed is ready. Open your page to read, print or keep it.",
    ending_subject="Something ends on {day}",
    ending=(
        "Something you set up ends on {day}. Open your page to see what it is, and to go on with "
        "it if you wish. "
        "If you do nothing, it ends by itself."
    ),
)

SPANISH = Phrases(
    days=("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    months=(
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    date="{weekday} {day} de {month}",
    hours_24=True,
    zone="hora de {city}",
    there="{times} donde usted está",
    all_zone="Todas las horas son {zone}.",
    subject="{title} {first}",
    subject_many="{title} desde {first}",
    subject_changed="Cambio: {title} {first}",
    subject_gone="Ya no está en su calendario: {title} {first}",
    subject_soon="{title} {first}",
    subject_stays="Sigue igual: {title} {first}",
    invites="Le invita {sender}.",
    changed="{sender} ha hecho un cambio.",
    several=(
        "{sender} ha cambiado varias cosas de su calendario. Este mensaje lo dice todo; los que "
        "llegan con el mismo "
        "asunto solo ponen al día su calendario."
    ),
    belongs="Esto va con el mensaje del mismo asunto y solo pone al día su calendario.",
    gone="Esto ya no está en su calendario. No tiene que hacer nada.",
    soon="Un recordatorio de {sender}.",
    asks="Por favor, diga en su página si vendrá.",
    asks_short="¿Vendrá?",
    stop="Responda ALTO para terminar.",
    stays="La hora que propuso no es posible. Todo sigue igual.",
    was="Hasta ahora",
    now="Desde ahora",
    lost="Ya no está en su calendario",
    added="Nuevo",
    title="Título",
    place="Dirección de su página",
    clock="Zona horaria",
    phone="Por teléfono",
    address="Remitente",
    by_phone="Por teléfono: {phone}",
    answer=(
        "Responda con los botones de su programa de correo o de calendario. Si no tiene, abra su "
        "página y elija "
        "allí. Si no aparece en su calendario, responda una vez y aparecerá."
    ),
    page="Su página",
    entry=(
        "Con este enlace se une, desde 15 minutos antes del comienzo. Su propia página, para ver "
        "los detalles y "
        "responder:"
    ),
    sender="Este mensaje lo envía {sender}. Es solo para usted.",
    copy_subject="Su copia",
    copy="Su copia de lo que firmó está lista. Abra su página para leerla, imprimirla o guardarla.",
    ending_subject="Algo termina el {day}",
    ending=(
        "Algo que usted dispuso termina el {day}. Abra su página para ver qué es y, si lo desea, "
        "continuarlo. "
        "Si no hace nada, termina por sí solo."
    ),
)


def phrases_for(language: str | None) -> Phrases:
    """Return the phrases of a language tag (`es-MX` is Spanish); English for all we do not
    write.
    """
    return SPANISH if (language or "").lower().partition("-")[0] == "es" else ENGLISH
