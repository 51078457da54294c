"""What every page shares: layout, guard, forms, errors, words."""
