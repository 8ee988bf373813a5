update app.canned_replies set
    shortcut = %(shortcut)s,
    text_id = %(text_id)s,
    text_en = %(text_en)s
where
    canned_replies.store_id = %(store_id)s
    and canned_replies.canned_reply_id = %(canned_reply_id)s
