"""The report in Word: what is in it, and the templates that an office may change."""
