"""What leaves the application as files: layers with their fields, and one writer a format."""
