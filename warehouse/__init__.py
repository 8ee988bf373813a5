"""The foundation: settings, connections, migrations, roles and the embedded Postgres."""
