delete from app.review_uploads
where
    review_uploads.store_id = %(store_id)s
    and review_uploads.upload_id = %(upload_id)s
    and review_uploads.state = 'waiting'
