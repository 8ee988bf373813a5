"""The demo shop: its conversations and orders, the stand-ins for external services, and the demo program."""
