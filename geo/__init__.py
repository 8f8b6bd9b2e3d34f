"""What follows from the data: pure functions on frames."""
