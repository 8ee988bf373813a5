-- Newest first.
select
    bot_instructions.version,
    bot_instructions.shop_name,
    bot_instructions.tone,
    bot_instructions.instructions,
    bot_instructions.created_at,
    users.name as created_by
from app.bot_instructions
left join app.users on bot_instructions.created_by = users.user_id
where bot_instructions.store_id = %(store_id)s
order by bot_instructions.version desc
