-- The planner's statistics of tables that an import fills. Binds: none.

-- Analyzes the tables that an import of events fills, if the planner counts on fewer rows than twice
-- those that the import has written. Without this, it counts on none: autovacuum sees no rows that
-- are not committed. Only the owner of a table may analyze it. The locks are kept until the end of
-- the transaction, so that autovacuum does not count meanwhile; readers and writers do not wait.
CREATE FUNCTION frontline.analyze_imported(written bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = frontline, public SET lock_timeout = '3s' AS $$
DECLARE
    relation regclass;
BEGIN
    FOR relation IN
        SELECT oid FROM pg_class
        WHERE oid = ANY (ARRAY['event', 'source', 'event_source', 'event_place', 'party', 'claim', 'event_point',
                'event_shape']::regclass[])
            AND reltuples < greatest(1, 2 * written)
        ORDER BY relname
    LOOP
        BEGIN
            EXECUTE format('ANALYZE %s', relation);
        EXCEPTION WHEN lock_not_available THEN
            NULL;  -- somebody else analyzes or vacuums the table
        END;
    END LOOP;
END
$$;
