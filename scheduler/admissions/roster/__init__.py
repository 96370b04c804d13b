"""A list of new patients, as a spreadsheet saves it."""
