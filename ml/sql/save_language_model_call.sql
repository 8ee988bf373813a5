insert into app.language_model_calls (
    store_id,
    purpose,
    model,
    outcome,
    prompt_tokens,
    completion_tokens,
    milliseconds
)
values (
    %(store_id)s,
    %(purpose)s,
    %(model)s,
    %(outcome)s,
    %(prompt_tokens)s,
    %(completion_tokens)s,
    %(milliseconds)s
)
