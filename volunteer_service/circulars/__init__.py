"""What a leader or the office writes to many people: one text, its receivers, who read it."""
