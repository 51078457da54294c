"""Taking an import back whole: what it comes to, and what stays because somebody changed it."""
