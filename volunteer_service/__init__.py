"""volunteer_service: a community's volunteer work as trusted hours, stars and points."""
