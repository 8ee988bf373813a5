"""The ground: settings, connections, migrations, roles and the embedded Postgres."""
