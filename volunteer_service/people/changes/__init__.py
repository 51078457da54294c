"""Changes to a person's data: request, decision, application."""
