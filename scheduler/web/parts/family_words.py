"""The words of a relative's pages, in the languages we write to them in. Pure."""

from dataclasses import dataclass

from scheduler.programs import Kind
from scheduler.web.parts.time_words import KIND_WORDS


@dataclass(frozen=True, slots=True)
class Words:
    """One language: headings, sentences, buttons, and what is wrong when something is."""

    language: str
    kinds: dict[Kind, str]
    said: dict[str, str]
    skip: str
    sign_out: str
    look_again: str
    appointment: str
    yours: str
    nothing: str
    more: str
    you_said: str
    so_far: str
    begun: str
    gone: str
    gone_calm: str
    gone_newest: str
    prove: str
    send_code: str
    have_code: str
    your_code: str
    look_for_code: str
    six_digits: str
    open: str
    another_code: str
    bad_code: str
    no_choice: str
    with_patient: str
    led_by: str
    will_you: str
    will_you_all: str
    will_you_on: str
    one_only: str
    send_answer: str
    send_this: str
    join_online: str
    from_when: str
    the_dates: str
    all_yours: str
    may_know: str
    lets_you: str
    you_may: str
    conjunction: str
    through: str
    notice: str
    thanks: str
    for_all: str
    for_one: str
    for_this: str
    join: str
    go_in_now: str
    join_now: str
    too_early: str
    see_dates: str
    prove_first: str
    room_open: str
    go_in: str
    call: str
    room_shut: str
    room_when: str
    back: str
    code_subject: str
    code_is: str
    code_use: str
    code_end: str


ENGLISH = Words(
    language="en",
    kinds=KIND_WORDS,
    said={"yes": "yes", "no": "no", "maybe": "maybe"},
    skip="Skip to the page",
    sign_out="Sign out",
    look_again="Please look again",
    appointment="Appointment",
    yours="Your appointments",
    nothing="There is nothing coming up for you. If you are invited to something, a letter tells "
    "you.",
    more="And {count} more.",
    you_said="You said {answer}.",
    so_far="So far you said {answer}.",
    begun="It has begun, so there is nothing to answer any more. Your earlier answer stays as it "
    "was.",
    gone="Nothing to do here",
    gone_calm="There is nothing to see or to answer on this page any more. You need not do "
    "anything.",
    gone_newest="What is on your calendar now is in the newest message you have. If you miss "
    "something, reply to that "
    "message.",
    prove="To see what this is and to answer, prove that it is you. We mail a code to the "
    "address this invitation went "
    "to.",
    send_code="Send me a code",
    have_code="I have a code",
    your_code="Your code",
    look_for_code="Look into the mailbox this invitation came to: a letter with six digits. It "
    "works for ten minutes.",
    six_digits="The six digits",
    open="Open",
    another_code="Send another code",
    bad_code="This code is not right, or it is older than ten minutes. Look again, or ask for a "
    "new one.",
    no_choice="Choose yes, no or maybe.",
    with_patient="{what} with {patient}",
    led_by="With {names}.",
    will_you="Will you come?",
    will_you_all="Will you come to all {count} dates?",
    will_you_on="Will you come on {date}?",
    one_only="Answer for this date only",
    send_answer="Send my answer",
    send_this="Send this answer",
    join_online="Join online",
    from_when="from 15 minutes before the start",
    the_dates="The dates",
    all_yours="All your appointments",
    may_know="What you may know",
    lets_you="{patient} lets you know about: {what}, through {day}.",
    you_may="You may know about: {what}, through {day}.",
    conjunction="and",
    through="{day} {month} {year}",
    notice="",
    thanks="Thank you. Your answer {about}: {answer}. You can change it until the start.",
    for_all="for all dates",
    for_one="for {date}",
    for_this="for this date",
    join="Join",
    go_in_now="You can go in now.",
    join_now="Join now",
    too_early="It is too early. You can go in from 15 minutes before the start until the end. "
    "Come back then and load "
    "this page again.",
    see_dates="See the dates",
    prove_first="First prove that it is you: we mail a code to the address this link went to.",
    room_open="The room is open",
    go_in="Go in",
    call="No picture? Call",
    room_shut="The room is not open",
    room_when="You can go in from 15 minutes before the start until the end. If it is time, call "
    "your clinic: no room "
    "is set.",
    back="Back",
    code_subject="Your code",
    code_is="Your code is",
    code_use="Type it on the page where you asked for it. It works for ten minutes, once. If you "
    "did not ask for it, "
    "you need not do anything.",
    code_end="This message was sent by {sender}. It is meant for you alone.",
)

SPANISH = Words(
    language="es",
    kinds={
        Kind.ASSESSMENT: "Evaluación",
        Kind.INDIVIDUAL: "Sesión individual",
        Kind.GROUP: "Grupo",
        Kind.PSYCHOEDUCATION: "Grupo de aprendizaje",
        Kind.MEDICATION: "Consulta de medicación",
        Kind.FAMILY_THERAPY: "Sesión familiar",
        Kind.MULTI_FAMILY_GROUP: "Grupo de varias familias",
        Kind.PROGRESS_UPDATE: "Informe de progreso",
        Kind.DISCHARGE_PLANNING: "Planes para después",
        Kind.FAMILY_WORKSHOP: "Taller familiar",
        Kind.CAREGIVER_GROUP: "Grupo de cuidadores",
    },
    said={"yes": "sí", "no": "no", "maybe": "quizás"},
    skip="Ir a la página",
    sign_out="Salir",
    look_again="Por favor, mire otra vez",
    appointment="Cita",
    yours="Sus citas",
    nothing="No hay nada previsto para usted. Si le invitan a algo, una carta se lo dirá.",
    more="Y {count} más.",
    you_said="Usted dijo {answer}.",
    so_far="Hasta ahora usted dijo {answer}.",
    begun="Ya ha empezado, así que no queda nada que responder. Su respuesta anterior sigue igual.",
    gone="Aquí no hay nada que hacer",
    gone_calm="En esta página ya no hay nada que ver ni que responder. No tiene que hacer nada.",
    gone_newest="Lo que hay ahora en su calendario está en el mensaje más reciente que tiene. Si "
    "echa algo en falta, "
    "responda a ese mensaje.",
    prove="Para ver qué es y responder, demuestre que es usted. Enviamos un código a la "
    "dirección a la que llegó esta "
    "invitación.",
    send_code="Enviarme un código",
    have_code="Tengo un código",
    your_code="Su código",
    look_for_code="Mire en el buzón al que llegó esta invitación: una carta con seis cifras. "
    "Sirve durante diez "
    "minutos.",
    six_digits="Las seis cifras",
    open="Abrir",
    another_code="Enviar otro código",
    bad_code="Este código no es correcto o tiene más de diez minutos. Mire otra vez o pida uno "
    "nuevo.",
    no_choice="Elija sí, no o quizás.",
    with_patient="{what} con {patient}",
    led_by="Con {names}.",
    will_you="¿Vendrá?",
    will_you_all="¿Vendrá a las {count} fechas?",
    will_you_on="¿Vendrá el {date}?",
    one_only="Responder solo para esta fecha",
    send_answer="Enviar mi respuesta",
    send_this="Enviar esta respuesta",
    join_online="Entrar en línea",
    from_when="desde 15 minutos antes del comienzo",
    the_dates="Las fechas",
    all_yours="Todas sus citas",
    may_know="Lo que usted puede saber",
    lets_you="{patient} le permite saber de: {what}, hasta el {day}.",
    you_may="Usted puede saber de: {what}, hasta el {day}.",
    conjunction="y",
    through="{day} de {month} de {year}",
    notice="La ley federal (42 CFR parte 2) prohíbe usar o divulgar estos registros sin "
    "autorización.",
    thanks="Gracias. Su respuesta {about}: {answer}. Puede cambiarla hasta el comienzo.",
    for_all="para todas las fechas",
    for_one="para {date}",
    for_this="para esta fecha",
    join="Entrar",
    go_in_now="Ya puede entrar.",
    join_now="Entrar ahora",
    too_early="Es demasiado pronto. Puede entrar desde 15 minutos antes del comienzo hasta el "
    "final. Vuelva entonces y "
    "cargue esta página otra vez.",
    see_dates="Ver las fechas",
    prove_first="Primero demuestre que es usted: enviamos un código a la dirección a la que "
    "llegó este enlace.",
    room_open="La sala está abierta",
    go_in="Pasar",
    call="¿Sin imagen? Llame al",
    room_shut="La sala no está abierta",
    room_when="Puede entrar desde 15 minutos antes del comienzo hasta el final. Si ya es la "
    "hora, llame a su clínica: "
    "no hay sala asignada.",
    back="Volver",
    code_subject="Su código",
    code_is="Su código es",
    code_use="Escríbalo en la página donde lo pidió. Sirve durante diez minutos, una sola vez. "
    "Si no lo pidió, no "
    "tiene que hacer nada.",
    code_end="Este mensaje lo envía {sender}. Es solo para usted.",
)


def words_for(language: str | None) -> Words:
    """Return the words of a language tag (`es-MX` is Spanish); English for all we do not write."""
    return SPANISH if (language or "").lower().partition("-")[0] == "es" else ENGLISH
