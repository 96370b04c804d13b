"""What a screen reader says at each state of the door, in each language: headings, what went
wrong, and what can be done.
"""

import re
from typing import Any

import pytest

from cast import Cast
from scheduler.kernel.database import db
from tests.web.family.test_door_in_a_browser import NOW, phone, stage, states
from watch import Watch

__all__ = ["NOW", "stage"]
ROLE = re.compile(r'- (heading|button|link|textbox|checkbox|timer|alert)(?: "([^"]*)")?')
HEARD = {
    "en": {
        "code": (
            "heading Join",
            "button Send me a code",
            "link I have a code",
        ),
        "wrong": (
            "heading Join",
            "alert",
            "heading Please look again",
            "link This code is not right, is older than ten minutes, or was as",
            "textbox The six digits",
            "checkbox This is my phone or my computer No more codes here until my",
            "button Join",
            "button Send another code",
        ),
        "early": (
            "heading You are early",
            "timer",
            "link Try camera and sound",
            "link See the dates",
        ),
        "devices": (
            "heading Your devices",
            "button Ask for a code there again",
            "heading Where you are signed in",
            "link Your passkeys",
            "link Back to your appointments",
            "button Sign out",
        ),
        "open": (
            "heading You can go in now",
            "button Join",
            "link +1 617-555-0100",
            "link See the dates",
            "button Forget this device",
            "link Your devices",
        ),
        "room": (
            "heading The room is open",
            "link Go in",
            "button It did not open? Try again",
            "link +1 617-555-0100",
            "heading What you may know",
            "link Back",
        ),
        "down": (
            "heading The room does not answer",
            "button Try again",
            "link +1 617-555-0100",
            "link Back",
        ),
        "ended": (
            "heading This appointment is over",
            "link See the dates",
            "button Forget this device",
            "link Your devices",
        ),
        "moved": (
            "heading This appointment has moved",
            "link Try camera and sound",
            "link See the dates",
            "button Forget this device",
            "link Your devices",
        ),
        "cancelled": (
            "heading This appointment is cancelled",
            "link See the dates",
            "button Forget this device",
            "link Your devices",
        ),
        "nothing": ("heading Nothing to do here", "link To your own page"),
    },
    "es": {
        "code": (
            "heading Entrar",
            "button Enviarme un código",
            "link Tengo un código",
        ),
        "wrong": (
            "heading Entrar",
            "alert",
            "heading Por favor, mire otra vez",
            "link Este código no es correcto, tiene más de diez minutos o se p",
            "textbox Los seis dígitos",
            "checkbox Este es mi teléfono o mi computadora Aquí no se piden más có",
            "button Entrar",
            "button Enviar otro código",
        ),
        "early": (
            "heading Llega temprano",
            "timer",
            "link Probar cámara y sonido",
            "link Ver las fechas",
        ),
        "devices": (
            "heading Sus dispositivos",
            "button Volver a pedir un código allí",
            "heading Dónde ha iniciado sesión",
            "link Sus claves de acceso",
            "link Volver a sus citas",
            "button Salir",
        ),
        "open": (
            "heading Ya puede entrar",
            "button Entrar",
            "link +1 617-555-0100",
            "link Ver las fechas",
            "button Olvidar este dispositivo",
            "link Sus dispositivos",
        ),
        "room": (
            "heading La sala está abierta",
            "link Pasar",
            "button ¿No se abrió? Intentar de nuevo",
            "link +1 617-555-0100",
            "heading Lo que usted puede saber",
            "link Volver",
        ),
        "down": (
            "heading La sala no responde",
            "button Intentar de nuevo",
            "link +1 617-555-0100",
            "link Volver",
        ),
        "ended": (
            "heading Esta cita ha terminado",
            "link Ver las fechas",
            "button Olvidar este dispositivo",
            "link Sus dispositivos",
        ),
        "moved": (
            "heading Esta cita ha cambiado de hora",
            "link Probar cámara y sonido",
            "link Ver las fechas",
            "button Olvidar este dispositivo",
            "link Sus dispositivos",
        ),
        "cancelled": (
            "heading Esta cita está cancelada",
            "link Ver las fechas",
            "button Olvidar este dispositivo",
            "link Sus dispositivos",
        ),
        "nothing": ("heading Aquí no hay nada que hacer", "link A su propia página"),
    },
    "pt-BR": {
        "code": (
            "heading Entrar",
            "button Enviar um código para mim",
            "link Já tenho um código",
        ),
        "wrong": (
            "heading Entrar",
            "alert",
            "heading Por favor, veja de novo",
            "link Este código não está certo, tem mais de dez minutos ou foi p",
            "textbox Os seis dígitos",
            "checkbox Este é meu celular ou meu computador Aqui não se pedem mais",
            "button Entrar",
            "button Enviar outro código",
        ),
        "early": (
            "heading Você chegou cedo",
            "timer",
            "link Testar câmera e som",
            "link Ver as datas",
        ),
        "devices": (
            "heading Seus aparelhos",
            "button Voltar a pedir um código nele",
            "heading Onde sua conta está aberta",
            "link Suas chaves de acesso",
            "link Voltar aos seus compromissos",
            "button Sair",
        ),
        "open": (
            "heading Você já pode entrar",
            "button Entrar",
            "link +1 617-555-0100",
            "link Ver as datas",
            "button Esquecer este aparelho",
            "link Seus aparelhos",
        ),
        "room": (
            "heading A sala está aberta",
            "link Entrar na sala",
            "button Não abriu? Tentar de novo",
            "link +1 617-555-0100",
            "heading O que você pode saber",
            "link Voltar",
        ),
        "down": (
            "heading A sala não responde",
            "button Tentar de novo",
            "link +1 617-555-0100",
            "link Voltar",
        ),
        "ended": (
            "heading Este compromisso terminou",
            "link Ver as datas",
            "button Esquecer este aparelho",
            "link Seus aparelhos",
        ),
        "moved": (
            "heading Este compromisso mudou de horário",
            "link Testar câmera e som",
            "link Ver as datas",
            "button Esquecer este aparelho",
            "link Seus aparelhos",
        ),
        "cancelled": (
            "heading Este compromisso está cancelado",
            "link Ver as datas",
            "button Esquecer este aparelho",
            "link Seus aparelhos",
        ),
        "nothing": ("heading Nada a fazer aqui", "link Para a sua própria página"),
    },
}


@pytest.mark.parametrize("language", HEARD)
def test_screen_reader_hears_what_is_true_and_what_to_do(
    browser: Any, stage: Cast, live_server: str, watch: Watch, language: str
) -> None:
    heard = {}
    stage.dana.language = language
    db.session.commit()
    with phone(browser, live_server) as hand:
        for state in states(hand, stage, watch, language):
            heard[state] = spoken(hand.page.locator("main").aria_snapshot())

    assert heard == HEARD[language]


def spoken(snapshot: str) -> tuple[str, ...]:
    """Return role and the first words of each thing, in the order they are met."""
    return tuple(f"{role} {name[:60]}".strip() for role, name in ROLE.findall(snapshot))
