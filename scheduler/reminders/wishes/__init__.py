"""How patients and relatives want to be reminded, chosen by themselves."""
