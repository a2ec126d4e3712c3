-- Creates the three roles. `migrate` runs it first, as a superuser or as the owner. Existing roles
-- are not changed. Binds: none.
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
