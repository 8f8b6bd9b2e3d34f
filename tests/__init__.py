"""Tests; a package, since some libraries install one of the same name."""
