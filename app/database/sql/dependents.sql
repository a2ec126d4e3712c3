-- Lists objects outside the schema that use its views or functions, and would be dropped with them.
-- Binds: schema, a name.
WITH ours AS (
    SELECT 'pg_class'::regclass AS classid, c.oid AS objid
    FROM pg_class c WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('v', 'm')
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid FROM pg_proc p WHERE p.pronamespace = to_regnamespace(:schema)
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid
    FROM pg_class c JOIN pg_type t ON t.oid = c.reltype OR t.typelem = c.reltype
    WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('v', 'm')
    UNION ALL
    SELECT 'pg_rewrite'::regclass, w.oid
    FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class WHERE c.relnamespace = to_regnamespace(:schema)
    UNION ALL
    SELECT 'pg_trigger'::regclass, t.oid
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = to_regnamespace(:schema)
    UNION ALL
    SELECT 'pg_policy'::regclass, y.oid
    FROM pg_policy y JOIN pg_class c ON c.oid = y.polrelid WHERE c.relnamespace = to_regnamespace(:schema)
)
SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)
FROM pg_depend d JOIN ours o ON o.classid = d.refclassid AND o.objid = d.refobjid
WHERE d.deptype IN ('n', 'a') AND NOT EXISTS (SELECT FROM ours own WHERE own.classid = d.classid AND own.objid = d.objid)
    -- Without the indexes of materialized views.
    AND NOT (d.classid = 'pg_class'::regclass AND d.deptype = 'a')
ORDER BY 1
