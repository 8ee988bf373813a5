"""Alembic's environment: runs revisions on the connection of `warehouse.migrate`."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
