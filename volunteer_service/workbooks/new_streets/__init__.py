"""What a new street begins with: its first steps, and a sample of each list."""
