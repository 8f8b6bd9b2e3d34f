"""Scenarios: their form, map and tables, what is kept of them and taken away."""
