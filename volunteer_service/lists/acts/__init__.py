"""Acts on many rows of a list: judged first, then done row by row, undone where it can be."""
