-- What the inbox reads of conversations to count episodes as the bot does; the
-- tables below these views it reads already.
grant select on app.conversation_facts, app.reply_facts to inbox;
