"""The demo's mailbox and phones."""
