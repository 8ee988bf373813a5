-- The newest invitation of a conversation's customer to a survey that is open
-- and that they have not finished, also not on its page. `last_kind` and
-- `last_sent_at` are those of the last reply in the conversation.
select
    invitations.wave,
    invitations.respondent,
    invitations.state,
    invitations.item,
    invitations.scale,
    coalesce(response.answers -> 'answers', '{}') as answers,
    last_reply.kind as last_kind,
    last_reply.sent_at as last_sent_at,
    (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'item', items.item,
                    'text_id', items.text_id,
                    'text_en', items.text_en
                )
                order by items.position, items.item
            ),
            '[]'
        )
        from app.survey_items as items
        where
            items.store_id = invitations.store_id
            and items.wave = invitations.wave
    ) as items
from app.survey_invitations as invitations
inner join app.survey_waves as waves
    on
        invitations.store_id = waves.store_id
        and invitations.wave = waves.wave
        and app.survey_state(waves.state, waves.closes_at) = 'open'
inner join app.replies as asking
    on
        invitations.reply_id = asking.reply_id
        and asking.state not in ('dead', 'dropped')
cross join lateral app.survey_response(
    invitations.store_id, invitations.wave, invitations.respondent
) as response (answers)
left join lateral (
    select
        replies.kind,
        replies.sent_at
    from app.replies
    where
        replies.conversation_id = invitations.conversation_id
        and replies.state not in ('dead', 'dropped')
    order by replies.sequence desc
    limit 1
) as last_reply on true
where
    invitations.conversation_id = %(conversation_id)s
    and invitations.state <> 'finished'
    and not coalesce((response.answers ->> 'is_finished')::boolean, false)
order by invitations.invited_at desc
limit 1
