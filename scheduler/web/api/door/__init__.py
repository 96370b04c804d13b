"""The door of the API: who calls, what is said, how it is answered; it knows no kind of record."""
