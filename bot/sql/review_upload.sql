select
    review_uploads.store_id,
    review_uploads.name,
    review_uploads.content,
    review_uploads.digest,
    review_uploads.source,
    review_uploads.columns
from app.review_uploads
where
    review_uploads.upload_id = %(upload_id)s
    and review_uploads.state = 'importing'
