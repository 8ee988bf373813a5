delete from app.canned_replies
where
    canned_replies.store_id = %(store_id)s
    and canned_replies.canned_reply_id = %(canned_reply_id)s
