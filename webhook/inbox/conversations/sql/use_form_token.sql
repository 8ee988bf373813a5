-- Of two times that the same form is sent, only the first gets a row back.
insert into app.form_tokens (token)
values (%(token)s)
on conflict do nothing
returning token
