-- A message that failed keeps its time of sending and its id.
with failed as (
    update app.replies
    set
        state = %(state)s,
        error_code = %(code)s
    where reply_id = %(reply_id)s
    returning conversation_id
)

select pg_notify('inbox', failed.conversation_id::text)
from failed
