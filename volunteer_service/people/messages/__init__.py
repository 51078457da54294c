"""Messages to people, and their channels."""
