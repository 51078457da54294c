"""Figures of the programme, each declared once for pages, papers, API and command line."""
