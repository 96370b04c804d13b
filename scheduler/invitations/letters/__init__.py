"""The words and parts of each letter: neutral outside."""
