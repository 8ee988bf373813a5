-- The channels on which somebody wrote. One look into the index for each of them,
-- as a plain distinct would read all conversations.
with recursive channels as (
    select min(conversations.channel) as channel
    from app.conversations

    union all

    select
        (
            select min(conversations.channel)
            from app.conversations
            where conversations.channel > channels.channel
        ) as channel
    from channels
    where channels.channel is not null
)

select channels.channel
from channels
where channels.channel is not null and channels.channel <> 'kabar_test'
