"""What happened to one thing: the rows of the journal about it, for who may see the thing."""
