"""A stand-in for the API of the Metabase that docker-compose.yml runs (0.63) and of the version before it: it stores
what is created, drops what Metabase drops, and refuses what Metabase refuses.

Written from recorded answers, Metabase's documentation and its source; it was never compared with a running Metabase.
"""

from demo.metabase.server import MetabaseStandIn

__all__ = ["MetabaseStandIn"]
