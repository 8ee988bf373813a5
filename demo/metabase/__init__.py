"""A stand-in of Metabase's API, as strict as the original: it keeps what is made, and says no as Metabase does.

Built from recorded answers of versions 0.50 and 0.57 and from Metabase's documents; no Metabase ran beside it.
"""

from demo.metabase.server import MetabaseStandIn

__all__ = ["MetabaseStandIn"]
