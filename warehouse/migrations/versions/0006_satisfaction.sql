-- One row an ended episode. No key of a customer: an episode that is gone from
-- the marts, as when its customer was erased, is gone from here after the next
-- prediction, also as somebody's neighbour.
create table ml.satisfaction_predictions (
    episode_id text primary key,
    satisfied boolean not null,
    satisfied_share real not null check (satisfied_share between 0 and 1),
    doubts text[] not null
    check (doubts <@ array['divided', 'far', 'few']),
    neighbours jsonb not null,
    rests_on_rating boolean not null,
    model_version text not null,
    predicted_at timestamptz not null default now()
);
create index on ml.satisfaction_predictions using brin (predicted_at)
with (autosummarize = on);

grant select, insert, update, delete
on ml.satisfaction_predictions to scorer;
grant select on ml.satisfaction_predictions to dbt;

-- The facts that predictions rest on; which columns of them the scorer may
-- read, dbt grants when it makes them.
grant usage on schema marts to scorer;
