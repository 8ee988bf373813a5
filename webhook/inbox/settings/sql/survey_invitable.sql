-- Customers on WhatsApp who wrote since a time and may be invited to a wave:
-- they have not opted out, were not invited before, are not asked another open
-- survey, and no agent has or awaits their conversation. Within 24 hours of
-- their last message, with a few minutes left to send it, an invitation may be
-- free text; otherwise it needs an approved template without variables.
select
    conversations.conversation_id,
    conversations.customer_key,
    coalesce(conversations.language, 'id') as language,
    conversations.last_inbound_at > now() - interval '23 hours 50 minutes'
        as is_window_open,
    template.content_sid
from app.conversations
left join lateral (
    select message_templates.content_sid
    from app.message_templates
    where
        message_templates.store_id = conversations.store_id
        and message_templates.name = 'survey'
        and message_templates.language = coalesce(conversations.language, 'id')
        and message_templates.is_active
        and cardinality(message_templates.variables) = 0
    order by message_templates.content_sid
    limit 1
) as template on true
where
    conversations.store_id = %(store_id)s
    and conversations.channel = 'whatsapp'
    and conversations.address is not null
    and conversations.state in ('bot', 'closed')
    and conversations.last_inbound_at > %(since)s::timestamptz
    and app.opted_out_at(
        conversations.store_id, conversations.customer_key
    ) is null
    and not exists (
        select
        from app.survey_invitations
        inner join app.survey_waves
            on
                survey_invitations.store_id = survey_waves.store_id
                and survey_invitations.wave = survey_waves.wave
        where
            survey_invitations.store_id = conversations.store_id
            and survey_invitations.customer_key = conversations.customer_key
            and (
                survey_invitations.wave = %(name)s
                or (
                    survey_waves.state = 'open'
                    and survey_invitations.state in ('asked', 'asking', 'paused')
                )
            )
    )
order by conversations.last_inbound_at desc, conversations.conversation_id desc
