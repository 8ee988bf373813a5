-- Tags in use, the most frequent first.
select conversation_tags.tag
from app.conversation_tags
group by conversation_tags.tag
order by count(*) desc, conversation_tags.tag asc
limit 200
