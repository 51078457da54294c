"""Numbered papers that anyone can verify and the issuer can revoke."""
