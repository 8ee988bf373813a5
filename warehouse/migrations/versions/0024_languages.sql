-- Which languages there are is said by translations/; the web app checks it.
alter table app.users drop constraint users_language_check;
alter table app.users add constraint users_language_check
check (language ~ '^[a-z]{2,3}(_[A-Z]{2})?$');
alter table app.customer_summaries
drop constraint customer_summaries_language_check;
