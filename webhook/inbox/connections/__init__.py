"""Whether the parts that Kabar depends on are connected, and what to do if not."""
