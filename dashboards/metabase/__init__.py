"""Brings a Metabase in line with the definitions: makes what is missing, fixes what differs, leaves the rest alone."""
