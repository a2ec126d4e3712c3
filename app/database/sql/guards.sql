-- Rules that the database enforces for every writer: policy before publication, allowed steps,
-- versions, the revision trail, and the revision number of public content. The triggers that call
-- these functions are in `triggers.sql`. A writer identifies itself by settings of the transaction:
-- `frontline.role` (a member's role, or `program`), `frontline.member` (a member's id),
-- `frontline.who` (a name) and `frontline.why`. Binds: none.

-- The current time, for checks of embargoes. Only tests set `frontline.now`.
CREATE FUNCTION frontline.app_now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('frontline.now', true), '')::timestamptz, now());

-- Checks the part of the rule of dates that depends on the clock, and keeps the mark of rows that are
-- older than the rule: a marked row may be changed in any way but to other forbidden dates. The
-- constraint `allowed_dates` of each table has the rest of the rule. Arguments: the columns with
-- start and end.
CREATE FUNCTION frontline.check_dates() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    written jsonb := to_jsonb(NEW);
    before jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) END;
    starts timestamptz := written->>TG_ARGV[0];
    ends timestamptz := CASE TG_NARGS WHEN 2 THEN written->>TG_ARGV[1] END;
    kept boolean := coalesce(
        before->TG_ARGV[0] = written->TG_ARGV[0]
            AND (TG_NARGS < 2 OR before->TG_ARGV[1] = written->TG_ARGV[1]),
        false
    );
BEGIN
    NEW.misdated := kept AND coalesce((before->>'misdated')::boolean, false) AND (
        /*future starts*/ OR NOT (/*dates starts*/) OR (ends IS NOT NULL AND NOT (/*dates starts ends*/))
    );
    IF NOT kept AND /*future starts*/ THEN
        RAISE EXCEPTION 'the date % is in the future', starts
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allowed_dates';
    END IF;
    RETURN NEW;
END
$$;

-- Which role may move an event from one state to another. Equal to `app/publication/states.py`; a
-- test compares.
CREATE VIEW frontline.publication_step (from_state, to_state, role) AS
VALUES
    ('draft', 'in_review', 'analyst'), ('draft', 'in_review', 'editor'), ('draft', 'in_review', 'admin'),
    ('in_review', 'draft', 'analyst'), ('in_review', 'draft', 'editor'), ('in_review', 'draft', 'admin'),
    ('in_review', 'published', 'analyst'), ('in_review', 'published', 'editor'), ('in_review', 'published', 'admin'),
    ('published', 'withdrawn', 'editor'), ('published', 'withdrawn', 'admin'),
    ('withdrawn', 'published', 'editor'), ('withdrawn', 'published', 'admin'),
    ('draft', 'published', 'program');

-- Coarsens a shape to the centre of its grid cell. `grid_m` is in metres.
CREATE FUNCTION frontline.coarse(shape public.geometry, grid_m double precision) RETURNS public.geometry
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT public.ST_SetSRID(public.ST_MakePoint(
        round(((floor(public.ST_X(spot) / east) + 0.5) * east)::numeric, 6)::double precision,
        round(north::numeric, 6)::double precision
    ), 4326)
    FROM (SELECT public.ST_PointOnSurface(shape) AS spot) whole,
        LATERAL (SELECT (floor(public.ST_Y(spot) / (grid_m / 111320)) + 0.5) * (grid_m / 111320) AS north) rows,
        LATERAL (SELECT grid_m / (111320 * greatest(cos(radians(north)), 0.01)) AS east) cells;
END;

-- Applies the policy of the category before a row becomes public: embargo, coarser place, or
-- barred. An event at 0, 0 is barred, too: its place was not known.
CREATE FUNCTION frontline.apply_policy() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    policy frontline.category_policy;
    embargo_ends timestamptz;
BEGIN
    -- A newly written place or precision is exact.
    IF TG_OP = 'UPDATE' AND NEW.exact_shape IS NOT NULL AND (
        public.ST_AsBinary(NEW.shape) <> public.ST_AsBinary(OLD.shape) OR NEW.precision_m IS DISTINCT FROM OLD.precision_m
    ) THEN
        NEW.exact_shape := NULL;
        NEW.exact_precision_m := NULL;
    END IF;
    IF NEW.state <> 'published' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO policy FROM frontline.category_policy known WHERE known.category = NEW.category;
    NEW.barred := coalesce(NEW.actor = ANY (policy.forbidden_for), false)
        OR coalesce(NEW.affected = ANY (policy.forbidden_for), false)
        OR /*null_island NEW.shape*/;
    embargo_ends := NEW.happened_to + policy.embargo_hours * interval '1 hour';
    IF embargo_ends > frontline.app_now() AND (NEW.public_from IS NULL OR NEW.public_from < embargo_ends) THEN
        NEW.public_from := embargo_ends;
    END IF;
    IF policy.coarsen_m IS NOT NULL THEN
        IF NEW.exact_shape IS NULL THEN
            NEW.exact_shape := NEW.shape;
            NEW.exact_precision_m := NEW.precision_m;
        END IF;
        NEW.shape := frontline.coarse(NEW.exact_shape, policy.coarsen_m);
        NEW.precision_m := greatest(NEW.exact_precision_m, ceil(policy.coarsen_m * 0.7072)::integer);
    ELSIF NEW.exact_shape IS NOT NULL THEN
        NEW.shape := NEW.exact_shape;
        NEW.precision_m := NEW.exact_precision_m;
        NEW.exact_shape := NULL;
        NEW.exact_precision_m := NULL;
    END IF;
    RETURN NEW;
END
$$;

-- Refuses steps that are not in `publication_step`. Members can only insert drafts.
CREATE FUNCTION frontline.check_publication_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acting text := coalesce(nullif(current_setting('frontline.role', true), ''), 'nobody');
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state <> 'draft' AND acting NOT IN ('nobody', 'program') THEN
        RAISE EXCEPTION 'a member begins with a draft' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Nested, so that rows without a step do not read `publication_step`: imports write many.
    IF TG_OP = 'UPDATE' AND NEW.state <> OLD.state THEN
        IF NOT EXISTS (
            SELECT FROM frontline.publication_step step
            WHERE step.from_state = OLD.state AND step.to_state = NEW.state AND step.role = acting
        ) THEN
            RAISE EXCEPTION 'the role % may not bring an event from % to %', acting, OLD.state, NEW.state
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN NEW;
END
$$;

-- Sets when a row first becomes public. After an embargo, the release job writes the row, which
-- sets it.
CREATE FUNCTION frontline.set_released_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'published' AND NEW.released_at IS NULL
        AND (NEW.public_from IS NULL OR NEW.public_from <= frontline.app_now()) THEN
        IF TG_TABLE_NAME = 'event' THEN
            IF NEW.barred OR NEW.misdated OR NEW.hidden_at IS NOT NULL THEN
                RETURN NEW;
            END IF;
        END IF;
        NEW.released_at := frontline.app_now();
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION frontline.increment_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;

CREATE FUNCTION frontline.refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was published is not deleted, but withdrawn' USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Records revisions. Arguments: the subject that a row belongs to (an expression over `r`), and the
-- key columns.
CREATE FUNCTION frontline.record_revisions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = frontline, public AS $$
DECLARE
    beginning text := format(
        'INSERT INTO frontline.revision (relation, action, subject_id, made_at, member_id, made_by, reason, old, new)'
        ' SELECT %L, %L, %s, $1, $2, $3, $4, ', TG_TABLE_NAME, lower(TG_OP), TG_ARGV[0]
    );
    rest text := CASE TG_OP
        WHEN 'INSERT' THEN 'NULL, NULL FROM made r'
        WHEN 'DELETE' THEN 'to_jsonb(r) - ''words'', NULL FROM gone r'
        ELSE format(
            'to_jsonb(o) - ''words'', to_jsonb(r) - ''words'' FROM gone o JOIN made r USING (%s) WHERE o IS DISTINCT FROM r',
            TG_ARGV[1]
        )
    END;
BEGIN
    EXECUTE beginning || rest USING
        frontline.app_now(),
        nullif(current_setting('frontline.member', true), '')::uuid,
        coalesce(nullif(current_setting('frontline.who', true), ''), session_user::text),
        nullif(current_setting('frontline.why', true), '');
    RETURN NULL;
END
$$;

-- Sources that were added while an event was hidden or withdrawn belong to it since it is public
-- again: an earlier moment would tell what was done meanwhile.
CREATE FUNCTION frontline.date_sources_of_shown_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = frontline, public AS $$
BEGIN
    UPDATE event_source SET added_at = app_now()
    WHERE event_id = NEW.id AND added_at > least(OLD.hidden_at, OLD.withdrawn_at);
    RETURN NULL;
END
$$;

-- Records each transaction that changes public content, and no other: a number that changed with a
-- draft would reveal the draft. The condition tells whether a changed row `r` is public, or belongs
-- to something public.
CREATE FUNCTION frontline.record_content_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = frontline, public AS $$
DECLARE
    condition text := CASE TG_TABLE_NAME
        WHEN 'event' THEN
            'r.state = ''published'' AND r.released_at IS NOT NULL AND NOT r.barred AND NOT r.misdated AND r.hidden_at IS NULL'
            ' AND (r.public_from IS NULL OR r.public_from <= frontline.app_now())'
            ' AND EXISTS (SELECT FROM frontline.origin o WHERE o.slug = r.origin AND o.public)'
        WHEN 'event_source' THEN
            'EXISTS (SELECT FROM frontline.public_event e WHERE e.id = r.event_id)'
            ' AND NOT EXISTS (SELECT FROM frontline.source s WHERE s.id = r.source_id AND s.status = ''hidden'')'
        WHEN 'event_place' THEN 'EXISTS (SELECT FROM frontline.public_event e WHERE e.id = r.event_id)'
        WHEN 'claim' THEN
            '(EXISTS (SELECT FROM frontline.public_event e WHERE e.id = r.event_id)'
            ' OR EXISTS (SELECT FROM frontline.public_control_area a WHERE a.id = r.area_id))'
            ' AND NOT EXISTS (SELECT FROM frontline.source s WHERE s.id = r.source_id AND s.status = ''hidden'')'
        WHEN 'source' THEN
            'r.status <> ''hidden'' AND (EXISTS ('
            'SELECT FROM frontline.event_source es JOIN frontline.public_event e ON e.id = es.event_id'
            ' WHERE es.source_id = r.id)'
            ' OR EXISTS (SELECT FROM frontline.public_claim c WHERE c.source_id = r.id))'
        WHEN 'party' THEN
            'EXISTS (SELECT FROM frontline.claim c JOIN frontline.public_claim shown USING (id) WHERE c.party_id = r.id)'
        WHEN 'assessment' THEN
            'r.released_at IS NOT NULL AND NOT r.misdated'
            ' AND EXISTS (SELECT FROM frontline.origin o WHERE o.slug = r.assessor AND o.public)'
        WHEN 'control_area' THEN 'EXISTS (SELECT FROM frontline.public_assessment a WHERE a.id = r.assessment_id)'
    END;
    touched boolean := false;
BEGIN
    -- Members also note about public events what is not public, for example who vouches for one.
    IF TG_TABLE_NAME = 'event' AND TG_OP = 'UPDATE' THEN
        condition := condition || ' AND r.id IN (SELECT id FROM gone o JOIN made n USING (id)'
            ' WHERE (/*fields list event.public o*/, o.barred, o.misdated, o.hidden_at, o.public_from, o.state, o.updated_at)'
            ' IS DISTINCT FROM (/*fields list event.public n*/, n.barred, n.misdated, n.hidden_at, n.public_from, n.state,'
            ' n.updated_at))';
    END IF;
    IF TG_OP <> 'DELETE' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM made r WHERE %s)', condition) INTO STRICT touched;
    END IF;
    IF NOT touched AND TG_OP <> 'INSERT' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM gone r WHERE %s)', condition) INTO STRICT touched;
    END IF;
    IF touched THEN
        INSERT INTO frontline.content_revision (transaction, made_at)
        VALUES (pg_current_xact_id()::text::bigint, frontline.app_now())
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

-- Returns the voice of a source: its publisher, or its account on a platform. Null: unknown, and
-- counts for nothing.
CREATE FUNCTION frontline.voice_of(source frontline.source) RETURNS text
LANGUAGE sql STABLE
RETURN lower(CASE
    WHEN coalesce(source.platform, 'web') = 'web' THEN coalesce(source.publisher, source.name)
    WHEN source.publisher IS NOT NULL AND NOT coalesce(starts_with(source.canonical_url, 'https://' || source.publisher || '/'), false)
        THEN source.publisher
    WHEN source.author IS NOT NULL THEN source.author || ' on ' || source.platform
END);

-- `confirmed` needs at least two voices. Checked at the end of the transaction, since sources may
-- follow the event.
CREATE FUNCTION frontline.require_two_voices() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid[];
    one uuid;
BEGIN
    IF TG_TABLE_NAME = 'event' THEN
        touched := ARRAY[NEW.id];
    ELSIF TG_TABLE_NAME = 'event_source' THEN
        touched := ARRAY[OLD.event_id];
    ELSE
        touched := ARRAY(SELECT served.event_id FROM frontline.event_source served WHERE served.source_id = NEW.id);
    END IF;
    -- One by one, so that the plan of the query is reused.
    FOREACH one IN ARRAY touched LOOP
        IF EXISTS (
            SELECT FROM frontline.event e
            WHERE e.id = one
                AND e.verification = 'confirmed'
                AND (
                    SELECT count(DISTINCT frontline.voice_of(s))
                    FROM frontline.event_source served JOIN frontline.source s ON s.id = served.source_id
                    WHERE served.event_id = e.id
                ) < 2
        ) THEN
            RAISE EXCEPTION 'event % is confirmed by fewer than two independent sources', one
                USING ERRCODE = 'check_violation', CONSTRAINT = 'confirmed_by_two';
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
