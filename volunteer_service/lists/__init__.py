"""Lists that staff read: declared once, asked for by address, shown, summed and exported alike."""
