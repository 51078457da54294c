"""Data of a person changed: asked, decided, applied."""
