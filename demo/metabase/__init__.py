"""A stand-in for the API of the Metabase that docker-compose.yml runs (0.63): it stores what is created, and refuses
what Metabase refuses.

Written from recorded answers and Metabase's documentation; it was never compared with a running Metabase.
"""

from demo.metabase.server import MetabaseStandIn

__all__ = ["MetabaseStandIn"]
