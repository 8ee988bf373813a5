-- The conversations in which a customer waits, and since when: what the
-- dashboards' live figures count, by the same SQL. Test conversations are not
-- among them. Every page of the inbox asks: plpgsql keeps the plan, which takes
-- as long to make as to run, and starting parallel workers takes longer than
-- the work.
create or replace function app.waiting_conversations() returns table (
    conversation_id bigint,
    waits_since timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set max_parallel_workers_per_gather = 0
as $$
#variable_conflict use_column
begin
    return query
    with {{ landed_relations() | indent }},

    open_conversations as (
        {{ open_conversations() | indent(8) }}
    )

    select
        conversations.conversation_id,
        -- a customer waits from their first question without a reply
        least(
            open_conversations.waits_since,
            case when not open_conversations.is_read then (
                select {{ first_question("asked", waiting) | indent(16) }}
                from (
                    select
                        messages.occurred_at,
                        lag(messages.occurred_at)
                            over (order by messages.occurred_at) as previous_at
                    from app.messages
                    where
                        messages.customer_key = open_conversations.landed_key
                        and messages.store_id = open_conversations.store_id
                        and messages.channel = open_conversations.channel
                        and messages.author = 'customer'
                        and messages.occurred_at > coalesce(
                            open_conversations.last_reply_at, '-infinity'
                        )
                ) as asked
            ) end
        )
    from open_conversations
    inner join app.conversations
        on
            open_conversations.store_id = conversations.store_id
            and open_conversations.channel = conversations.channel
            and open_conversations.landed_key = conversations.customer_key
    where
        open_conversations.waits_since is not null
        and open_conversations.channel <> 'kabar_test';
end
$$;
revoke execute on function app.waiting_conversations from public;
grant execute on function app.waiting_conversations to inbox;
