-- A digest of what the scripts make: views, functions and triggers, and who may do what with all there is.
SELECT md5(string_agg(said, E'\n' ORDER BY said COLLATE "C"))
FROM (
    SELECT concat_ws(' ', c.oid::regclass, c.relacl, CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END) AS said
    FROM pg_class c
    WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('r', 'v')
    UNION ALL
    SELECT concat_ws(' ', pg_get_functiondef(p.oid), p.proacl) FROM pg_proc p
    WHERE p.pronamespace = to_regnamespace(:schema)
    UNION ALL
    SELECT concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled) FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = to_regnamespace(:schema) AND NOT t.tgisinternal
) all_of_it
