"""People found by name, number, phone or pinyin."""
