"""The sheets of an import: how each is read, what a person said of it, what a street remembers."""
