update app.review_uploads
set
    state = %(state)s,
    counts = %(counts)s,
    reason = %(reason)s,
    content = null,
    ended_at = now()
where
    review_uploads.upload_id = %(upload_id)s
    and review_uploads.state = 'importing'
