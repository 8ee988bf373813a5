-- Returns a row only the first time a form is sent.
insert into app.form_tokens (token)
values (%(token)s)
on conflict do nothing
returning token
