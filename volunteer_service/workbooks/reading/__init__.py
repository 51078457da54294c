"""A stranger's workbook from its zip to typed cells, streamed and bounded."""
