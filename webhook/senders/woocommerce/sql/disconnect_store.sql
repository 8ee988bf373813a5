select app.disconnect_store(%(store)s)
