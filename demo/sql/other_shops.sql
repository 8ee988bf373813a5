-- Shops that are connected and no stand-in, which this machine serves itself.
select count(*)
from app.stores
where stores.url is not null and stores.url !~ '^http://127[.]0[.]0[.]1:'
