"""The tree of places (sub-district > community > grid > building) on which every right is held."""
