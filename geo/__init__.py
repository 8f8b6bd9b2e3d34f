"""What follows from the data: pure functions on frames."""

__version__ = "0.1.0"
