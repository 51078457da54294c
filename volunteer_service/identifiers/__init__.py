"""Numbers and names as people read and type them: check characters, masks, identity cards."""
