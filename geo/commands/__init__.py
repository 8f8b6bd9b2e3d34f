"""Commands of ``python -m geo``, one module a subject."""
