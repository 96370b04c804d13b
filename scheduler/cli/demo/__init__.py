"""The made-up clinic, its mailbox and its gateway for text messages."""
