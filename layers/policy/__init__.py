"""Targets and legal conditions: their verdicts, reasons and signs."""
