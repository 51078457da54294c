"""Service records: decided, corrected, disputed, counted."""
