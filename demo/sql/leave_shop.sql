-- The stand-in goes with the demo: nobody is to ask for it or to wait for it, and
-- its KPIs stay.
select app.disconnect_store(%(store)s)
