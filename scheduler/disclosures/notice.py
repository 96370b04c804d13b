"""The statement that must go with every disclosure under a consent, with the versions that were
shown before. Pure.
"""

NOTICES = {
    "2.32(a)(2) of 2024-04-16": "42 CFR part 2 prohibits unauthorized use or disclosure of these "
    "records.",
}
"""42 CFR 2.32(a), by version; a text that was shown once stays here for ever."""

NOTICES_READ = {
    ("2.32(a)(2) of 2024-04-16", "es"): "La ley federal (42 CFR parte 2) prohíbe usar o divulgar "
    "estos registros sin autorización.",
    ("2.32(a)(2) of 2024-04-16", "pt-BR"): "A lei federal (42 CFR parte 2) proíbe usar ou divulgar "
    "estes registros sem autorização.",
}
"""What stands beside a version for those who read another language; the English one counts."""

NOTICE = "2.32(a)(2) of 2024-04-16"
"""The version shown now."""
