"""Plots by the thousand on the map: made into tiles, served to who may see them, offered."""
