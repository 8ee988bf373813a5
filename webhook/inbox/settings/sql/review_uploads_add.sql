insert into app.review_uploads (store_id, name, content, digest, uploaded_by)
values (%(store_id)s, %(name)s, %(content)s, %(digest)s, %(user_id)s)
returning review_uploads.upload_id
