"""The web app: senders' webhooks, the inbox and the dashboards."""
