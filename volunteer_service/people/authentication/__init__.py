"""Accounts and how somebody proves who they are: sign-in, sessions, tokens, codes."""
