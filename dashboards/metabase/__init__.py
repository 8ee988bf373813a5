"""Brings a Metabase in line with the definitions: makes what is missing, mends what differs, leaves the rest alone."""
