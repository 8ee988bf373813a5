-- Uploads whose columns nobody has confirmed for a day.
delete from app.review_uploads
where
    review_uploads.state = 'waiting'
    and review_uploads.uploaded_at < now() - interval '1 day'
