update app.review_uploads
set rows_done = %(done)s, rows_total = %(total)s
where review_uploads.upload_id = %(upload_id)s
