"""What is computed from rows and kept in tables of its own, by whoever changes the rows and together with them."""
