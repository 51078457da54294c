"""Figures: counted, declared, shown."""
