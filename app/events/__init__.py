"""Events: the answers that list, draw and show them."""
