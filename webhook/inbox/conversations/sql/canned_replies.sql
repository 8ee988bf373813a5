select
    canned_replies.shortcut,
    canned_replies.text_id,
    canned_replies.text_en
from app.canned_replies
where canned_replies.store_id = %(store_id)s
order by canned_replies.shortcut
