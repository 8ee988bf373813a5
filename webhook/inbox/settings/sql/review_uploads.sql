select
    review_uploads.upload_id,
    review_uploads.name,
    review_uploads.state,
    review_uploads.rows_done,
    review_uploads.rows_total,
    review_uploads.counts,
    review_uploads.reason,
    review_uploads.digest,
    review_uploads.source,
    review_uploads.uploaded_at,
    users.name as uploaded_by
from app.review_uploads
left join app.users on review_uploads.uploaded_by = users.user_id
where
    review_uploads.store_id = %(store_id)s
    and (%(only)s::bigint is null or review_uploads.upload_id = %(only)s)
order by review_uploads.upload_id desc
limit 20
