"""Hours in which nothing may arrive, marked by people themselves or at the desk."""
