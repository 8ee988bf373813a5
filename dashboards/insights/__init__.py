"""Short texts on what changed: figures from the cards' own queries, worded by a template or, checked, by a model."""
