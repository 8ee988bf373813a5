update app.review_uploads
set columns = %(columns)s, source = %(source)s, state = 'importing'
where
    review_uploads.store_id = %(store_id)s
    and review_uploads.upload_id = %(upload_id)s
    and review_uploads.state = 'waiting'
