"""The clinic itself at the desk: practice, closed days, staff, rooms, programs and cohorts."""
