"""What can be taken away from the page, prepared in the background."""
