"""Who may do what: roles, rights over places and people, conflicts of interest."""
