"""What is known: fact tables, resolutions and boundaries, with their schemas and loaders."""
