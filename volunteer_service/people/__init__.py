"""Volunteers and accounts: who somebody is, what they agreed to, and what they may do where."""
