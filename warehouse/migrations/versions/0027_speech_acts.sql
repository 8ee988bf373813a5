-- What predicts the acts of customers' messages from the vectors of one encoder. A
-- head with another recipe than the code's is not used.
create table ml.speech_act_heads (
    encoder_version text primary key references ml.encoders on delete cascade,
    recipe text not null,
    acts text[] not null,
    weights real[] not null,
    bias real[] not null,
    made_at timestamptz not null default now()
);

grant select on ml.speech_act_heads to bot, inbox;
grant select, insert, update, delete on ml.speech_act_heads to scorer;
