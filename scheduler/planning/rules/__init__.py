"""The rules a plan is judged by, whoever made it; they know no solver."""
