"""What the claims share: a load client, servers of their own, a town of volunteers, the figure."""
