"""What looks wrong about check-ins and hours, each a row that somebody accepts or rejects."""
