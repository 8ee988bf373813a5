select
    canned_replies.canned_reply_id,
    canned_replies.shortcut,
    canned_replies.text_id,
    canned_replies.text_en
from app.canned_replies
where
    canned_replies.store_id = %(store_id)s
    and (
        %(canned_reply_id)s::bigint is null
        or canned_replies.canned_reply_id = %(canned_reply_id)s
    )
order by canned_replies.shortcut
