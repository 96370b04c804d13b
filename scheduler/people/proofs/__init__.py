"""What shows who is there beside a password: mailed codes and guesses at them, passkeys."""
