"""Proofs at the doors beside a password: the code that is typed, the passkey."""
