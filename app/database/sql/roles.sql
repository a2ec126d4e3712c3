-- The three roles and the schema they meet in. Run by `migrate` before anything else, as a superuser or as the owner;
-- a role that is there already is left as it is. Binds: none.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['frontline_owner', 'frontline_app', 'frontline_public'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        END IF;
    END LOOP;
END
$$;
