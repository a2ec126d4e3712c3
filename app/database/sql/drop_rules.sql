-- Drops all triggers, rules, policies, views and functions of the schema, whoever created them.
-- `dependents.sql` must have found nothing before. Binds: none.
DO $$
DECLARE
    command text;
    schema constant oid := 'frontline'::regnamespace;
    commands text[] := ARRAY(
        SELECT format('DROP TRIGGER IF EXISTS %I ON frontline.%I', t.tgname, c.relname)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = schema AND NOT t.tgisinternal
        ORDER BY 1
    ) || ARRAY(
        SELECT format('DROP RULE IF EXISTS %I ON frontline.%I', w.rulename, c.relname)
        FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class
        WHERE c.relnamespace = schema AND w.rulename <> '_RETURN'
    ) || ARRAY(
        SELECT format('DROP POLICY IF EXISTS %I ON frontline.%I', y.polname, c.relname)
        FROM pg_policy y JOIN pg_class c ON c.oid = y.polrelid
        WHERE c.relnamespace = schema
    ) || ARRAY(
        SELECT format('ALTER TABLE frontline.%I DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', c.relname)
        FROM pg_class c
        WHERE c.relnamespace = schema AND (c.relrowsecurity OR c.relforcerowsecurity)
    -- CASCADE, since views call functions, and functions read views.
    ) || ARRAY(
        SELECT format('DROP %s IF EXISTS frontline.%I CASCADE',
            CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, c.relname)
        FROM pg_class c
        WHERE c.relnamespace = schema AND c.relkind IN ('v', 'm')
        ORDER BY 1
    ) || ARRAY(
        SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
        FROM pg_proc p
        WHERE p.pronamespace = schema
            -- Without functions of extensions.
            AND NOT EXISTS (
                SELECT FROM pg_depend d
                WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
            )
        ORDER BY 1
    );
BEGIN
    FOREACH command IN ARRAY commands LOOP
        EXECUTE command;
    END LOOP;
END
$$;
