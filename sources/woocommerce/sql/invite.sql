insert into app.store_invitations (code_hash, store_id, expires_at)
values (%(code_hash)s, %(store_id)s, now() + %(lasts)s)
