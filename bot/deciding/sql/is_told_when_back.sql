-- Whether a reply of this closed period told when people are back: handovers
-- and fallbacks outside opening hours do, and answers given for a person.
select exists(
    select
    from app.replies
    where
        replies.conversation_id = %(conversation_id)s
        and replies.author = 'bot'
        and replies.state not in ('dead', 'dropped')
        and replies.written_at >= %(closed_since)s
        and (
            replies.kind in ('handover', 'fallback')
            or exists (
                select
                from app.bot_decisions as guards
                where
                    guards.decision_id = replies.decision_id
                    and guards.name = 'guard'
                    and guards.reason = 'after_hours'
            )
        )
) as is_told
