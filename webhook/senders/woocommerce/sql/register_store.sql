select app.register_store(
    %(code_hash)s, %(url)s, %(key)s, %(secret)s, %(webhook_secret)s
)
