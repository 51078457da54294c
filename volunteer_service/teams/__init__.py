"""Volunteer teams, their members, brands and projects."""
