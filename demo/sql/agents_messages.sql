insert into app.outbound_messages (message_sid, author)
select
    agents.message_sid,
    'agent' as author
from unnest(%(sids)s) as agents (message_sid)
on conflict (message_sid) do nothing
