"""The tree of areas (sub-district > community > grid > building) on which every right is held."""
