"""What readers keep of lists: saved views, and the columns and size that they chose."""
