-- Reads the live rules of the schema: a row for each part of each function, view, trigger and
-- grant, and for everything that disables rules. Binds: schema, a name. The spelling of definitions
-- depends on settings of the session, which `app/database/rules.py` sets first.
WITH relations AS (
    SELECT c.*,
        CASE WHEN c.relkind = 'S' THEN 'sequence' WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END AS word
    FROM pg_class c
    WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
), routines AS (
    SELECT p.*, format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) AS signature
    FROM pg_proc p
    WHERE p.pronamespace = to_regnamespace(:schema)
        -- Without functions of extensions.
        AND NOT EXISTS (
            SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
        )
), triggers AS (
    SELECT t.*, format('%s.%s', r.relname, t.tgname) AS name, pg_get_triggerdef(t.oid) AS definition
    FROM pg_trigger t JOIN relations r ON r.oid = t.tgrelid
    WHERE NOT t.tgisinternal
), granted AS (
    SELECT format('%s %s', r.word, r.relname) AS object, a.*
    FROM relations r
    CROSS JOIN aclexplode(coalesce(
        r.relacl, acldefault(CASE WHEN r.relkind = 'S' THEN 's' ELSE 'r' END::"char", r.relowner)
    )) a
    UNION ALL
    SELECT format('column %s.%s', r.relname, t.attname), a.*
    FROM relations r JOIN pg_attribute t ON t.attrelid = r.oid AND NOT t.attisdropped CROSS JOIN aclexplode(t.attacl) a
    UNION ALL
    SELECT format('function %s', p.signature), a.*
    FROM routines p CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    UNION ALL
    SELECT format('schema %s', n.nspname), a.*
    FROM pg_namespace n CROSS JOIN aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
    WHERE n.oid = to_regnamespace(:schema)
)
SELECT 'function' AS kind, p.signature AS name, part.name AS part, part.value
FROM routines p CROSS JOIN LATERAL (VALUES
    ('arguments', pg_get_function_arguments(p.oid)),
    ('result', pg_get_function_result(p.oid)),
    ('body', coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)),
    ('volatility', CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END),
    ('security', CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END),
    ('settings', array_to_string(p.proconfig, ', ')),
    ('definition', CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END)
) AS part (name, value)
UNION ALL
SELECT 'view', r.relname, part.name, part.value
FROM relations r CROSS JOIN LATERAL (VALUES
    ('query', pg_get_viewdef(r.oid)),
    ('options', array_to_string(r.reloptions, ', ')),
    ('kind', CASE r.relkind WHEN 'm' THEN 'materialized' ELSE 'plain' END)
) AS part (name, value)
WHERE r.word = 'view'
UNION ALL
SELECT 'trigger', t.name, part.name, part.value
FROM triggers t CROSS JOIN LATERAL (VALUES
    ('moment', substring(t.definition FROM '^CREATE (.*?) (REFERENCING|FOR EACH|NOT DEFERRABLE|DEFERRABLE)')),
    ('WHEN', substring(t.definition FROM ' WHEN (.*) EXECUTE FUNCTION ')),
    ('function', t.tgfoid::regproc::text),
    ('arguments', encode(t.tgargs, 'escape')),
    ('definition', t.definition),
    ('state', CASE t.tgenabled WHEN 'O' THEN 'enabled' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled on replicas only'
        ELSE 'enabled always' END)
) AS part (name, value)
UNION ALL
SELECT 'rule', format('%s.%s', r.relname, w.rulename), 'definition', concat_ws(' ', pg_get_ruledef(w.oid), w.ev_enabled)
FROM pg_rewrite w JOIN relations r ON r.oid = w.ev_class
WHERE w.rulename <> '_RETURN'
UNION ALL
SELECT 'policy', format('%s.%s', r.relname, y.polname), 'definition',
    concat_ws(' ', y.polcmd, y.polpermissive, pg_get_expr(y.polqual, r.oid), pg_get_expr(y.polwithcheck, r.oid))
FROM pg_policy y JOIN relations r ON r.oid = y.polrelid
UNION ALL
SELECT 'row security', r.relname, 'state', CASE WHEN r.relforcerowsecurity THEN 'forced' ELSE 'on' END
FROM relations r WHERE r.relrowsecurity OR r.relforcerowsecurity
UNION ALL
-- The internal triggers that enforce foreign keys, which a superuser can disable.
SELECT DISTINCT 'disabled foreign key', format('%s.%s', r.relname, k.conname), 'state', 'disabled'
FROM pg_trigger t
JOIN pg_constraint k ON k.oid = t.tgconstraint AND k.contype = 'f'
JOIN relations r ON r.oid = k.conrelid
WHERE t.tgisinternal AND t.tgenabled <> 'O'
UNION ALL
SELECT 'grant', format('%s to %s', g.object, CASE WHEN g.grantee = 0 THEN 'everybody' ELSE pg_get_userbyid(g.grantee) END),
    g.privilege_type, CASE WHEN bool_or(g.is_grantable) THEN 'may pass it on' ELSE 'yes' END
FROM granted g
GROUP BY g.object, g.grantee, g.privilege_type
