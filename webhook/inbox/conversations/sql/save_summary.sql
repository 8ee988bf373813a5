insert into app.customer_summaries (
    store_id, customer_key, language, summary, model
)
values (
    %(store_id)s, %(customer_key)s, %(language)s, %(summary)s, %(model)s
)
on conflict (store_id, customer_key, language) do update set
    summary = excluded.summary,
    model = excluded.model,
    made_at = now()
