-- The planner's statistics of tables that an import fills. Binds: none.

-- Analyzes the tables that an import of events fills, if the planner counts on fewer rows than twice
-- those that the import has written. Without this, it may count on none: autovacuum sees no rows
-- that are not committed. So the tables are locked against autovacuum until the end of the
-- transaction; readers and writers do not wait. Only the owner of a table may analyze it.
CREATE FUNCTION frontline.analyze_imported(written bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = frontline, public SET lock_timeout = '3s' AS $$
DECLARE
    relation regclass;
BEGIN
    FOREACH relation IN ARRAY ARRAY[
        'claim', 'event', 'event_place', 'event_point', 'event_shape', 'event_source', 'party', 'source'
    ]::regclass[] LOOP
        BEGIN
            EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', relation);
            -- Too many rows do no harm: an import that was interrupted may have left their number.
            IF (SELECT reltuples FROM pg_class WHERE oid = relation) < greatest(1, 2 * written) THEN
                EXECUTE format('ANALYZE %s', relation);
            END IF;
        EXCEPTION WHEN lock_not_available THEN
            NULL;  -- somebody else analyzes or vacuums the table
        END;
    END LOOP;
END
$$;
