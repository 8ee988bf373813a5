insert into app.bot_instructions (
    store_id, version, shop_name, tone, instructions, created_by
)
values (
    %(store_id)s,
    (
        select coalesce(max(bot_instructions.version), 0) + 1
        from app.bot_instructions
        where bot_instructions.store_id = %(store_id)s
    ),
    %(shop_name)s,
    %(tone)s,
    %(instructions)s,
    %(user_id)s
)
