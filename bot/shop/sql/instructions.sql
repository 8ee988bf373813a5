select
    newest.version,
    newest.shop_name,
    newest.tone,
    newest.instructions,
    store_settings.name
from (select %(store_id)s as store_id) as asked
left join lateral (
    select
        bot_instructions.version,
        bot_instructions.shop_name,
        bot_instructions.tone,
        bot_instructions.instructions
    from app.bot_instructions
    where bot_instructions.store_id = asked.store_id
    order by bot_instructions.version desc
    limit 1
) as newest on true
left join app.store_settings on asked.store_id = store_settings.store_id
