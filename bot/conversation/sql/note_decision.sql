-- Up to which message decisions were made. The labels that were saved before say
-- what the conversation is about (app.note_labels); those of tests are not saved.
-- A message from before the first decided one may still be landing, but none
-- from before the reply that came before that.
with noted as (
    update app.conversations
    set
        language = %(language)s,
        issue = case
            when channel = 'kabar_test' then coalesce(%(issue)s, issue)
            else issue
        end,
        urgency = case
            when channel = 'kabar_test' then coalesce(%(urgency)s, urgency)
            else urgency
        end,
        bot_since = coalesce(
            bot_since,
            greatest(
                least(%(first)s, now()) - interval '1 minute',
                case when last_reply_at < %(first)s then last_reply_at end
            )
        ),
        answered_until = greatest(answered_until, %(until)s),
        changed_at = now()
    where conversation_id = %(conversation_id)s
    returning conversation_id
)

select pg_notify('inbox', noted.conversation_id::text)
from noted
