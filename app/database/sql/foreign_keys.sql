-- Creates each disabled foreign key again (ALTER TABLE … DISABLE TRIGGER ALL). Rows that violate it
-- raise an error. Binds: none.
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT DISTINCT k.conrelid::regclass AS relation, k.conname, pg_get_constraintdef(k.oid) AS definition
        FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint AND k.contype = 'f'
        WHERE t.tgisinternal AND t.tgenabled <> 'O' AND k.connamespace = 'frontline'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s',
            one.relation, one.conname, one.conname, one.definition);
    END LOOP;
END
$$;
