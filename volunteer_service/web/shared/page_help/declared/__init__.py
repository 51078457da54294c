"""The help of every page, one file for pages of one subject."""
