"""What happened to one thing: the journal's rows about it, for people who may see the thing."""
