-- Every trigger of the schema, each with its purpose. docs/database.md lists the same, and a test
-- compares both.
--
-- PostgreSQL fires triggers of the same event in the order of their names. So a name says when a
-- trigger fires, its position, and its purpose; the same number has the same purpose on every
-- table:
--
--     before_0_check_dates                      before each row: the rule of dates
--     before_1_apply_policy                     before each row: embargo, coarser place, or barred
--     before_2_check_publication_step           the role of the writer must allow the step
--     before_3_require_second_person            the second member must publish where policy asks for two
--     before_4_set_released_at                  since when it is public; needs the embargo of the policy
--     before_5_increment_version                the version of the row
--     before_6_refuse_deletion                  public rows are never deleted
--     after_<write>_1_record_content_change     after each statement: the revision of public content
--     after_<write>_2_mark_days_stale           the days whose parts of the columns must be rebuilt
--     after_<write>_3_update_points             points and tallies of the tiles
--     after_<write>_4_record_revision           the trail of revisions
--     after_write_5_notify_caches               caches of answers
--     after_update_6_date_sources               since when the public event has its sources
--     at_commit_require_two_voices              at the end of the transaction
--
-- Arguments of record_revisions: the subject that a row belongs to (an expression over `r`), and
-- the key columns. Binds: none.

-- Refuses dates in the future, and keeps the mark of rows that are older than the rule of dates.
CREATE TRIGGER before_0_check_dates BEFORE INSERT OR UPDATE ON frontline.event
    FOR EACH ROW WHEN (NEW.misdated OR /*future NEW.happened_from*/)
    EXECUTE FUNCTION frontline.check_dates('happened_from', 'happened_to');
CREATE TRIGGER before_0_check_dates BEFORE INSERT OR UPDATE ON frontline.submission
    FOR EACH ROW WHEN (NEW.misdated OR /*future NEW.happened_from*/)
    EXECUTE FUNCTION frontline.check_dates('happened_from', 'happened_to');
CREATE TRIGGER before_0_check_dates BEFORE INSERT OR UPDATE ON frontline.assessment
    FOR EACH ROW WHEN (NEW.misdated OR /*future NEW.valid_from*/)
    EXECUTE FUNCTION frontline.check_dates('valid_from');

-- Applies the policy of the category: barred, embargoed until, shown at a coarser place.
CREATE TRIGGER before_1_apply_policy BEFORE INSERT OR UPDATE ON frontline.event
    FOR EACH ROW EXECUTE FUNCTION frontline.apply_policy();

-- Refuses steps that `publication_step` does not list for the role that writes.
CREATE TRIGGER before_2_check_publication_step BEFORE INSERT OR UPDATE ON frontline.event
    FOR EACH ROW EXECUTE FUNCTION frontline.check_publication_step();

-- Refuses a member who publishes or confirms an event alone that needs two members.
CREATE TRIGGER before_3_require_second_person BEFORE UPDATE ON frontline.event
    FOR EACH ROW
    WHEN (NEW.state = 'published'
        AND (OLD.state <> 'published' OR (NEW.verification = 'confirmed' AND OLD.verification <> 'confirmed')))
    EXECUTE FUNCTION frontline.require_second_person();

-- Sets since when an event or an assessment is public.
CREATE TRIGGER before_4_set_released_at BEFORE INSERT OR UPDATE ON frontline.event
    FOR EACH ROW EXECUTE FUNCTION frontline.set_released_at();
CREATE TRIGGER before_4_set_released_at BEFORE INSERT OR UPDATE ON frontline.assessment
    FOR EACH ROW EXECUTE FUNCTION frontline.set_released_at();

-- Counts the versions of a row, which `ETag` and `If-Match` carry.
CREATE TRIGGER before_5_increment_version BEFORE UPDATE ON frontline.event
    FOR EACH ROW EXECUTE FUNCTION frontline.increment_version();
CREATE TRIGGER before_5_increment_version BEFORE UPDATE ON frontline.source
    FOR EACH ROW EXECUTE FUNCTION frontline.increment_version();
CREATE TRIGGER before_5_increment_version BEFORE UPDATE ON frontline.assessment
    FOR EACH ROW EXECUTE FUNCTION frontline.increment_version();
CREATE TRIGGER before_5_increment_version BEFORE UPDATE ON frontline.submission
    FOR EACH ROW EXECUTE FUNCTION frontline.increment_version();

-- Refuses to delete an event that was public: it is withdrawn instead.
CREATE TRIGGER before_6_refuse_deletion BEFORE DELETE ON frontline.event
    FOR EACH ROW WHEN (OLD.released_at IS NOT NULL) EXECUTE FUNCTION frontline.refuse_deletion();

-- Refuses `confirmed` with fewer than two independent voices, whichever of the three tables
-- changed.
CREATE CONSTRAINT TRIGGER at_commit_require_two_voices AFTER INSERT OR UPDATE OF verification ON frontline.event
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.verification = 'confirmed') EXECUTE FUNCTION frontline.require_two_voices();
CREATE CONSTRAINT TRIGGER at_commit_require_two_voices AFTER UPDATE OR DELETE ON frontline.event_source
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION frontline.require_two_voices();
CREATE CONSTRAINT TRIGGER at_commit_require_two_voices AFTER UPDATE OF name, publisher, author, platform ON frontline.source
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION frontline.require_two_voices();

-- Records a new revision when public content changes. Not for INSERT into source and party: a new
-- one belongs to nothing public yet, and checking would slow down imports.
CREATE TRIGGER after_insert_1_record_content_change AFTER INSERT ON frontline.event
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_update_1_record_content_change AFTER UPDATE ON frontline.event
    REFERENCING OLD TABLE AS gone NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_delete_1_record_content_change AFTER DELETE ON frontline.event
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_insert_1_record_content_change AFTER INSERT ON frontline.event_source
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_update_1_record_content_change AFTER UPDATE ON frontline.event_source
    REFERENCING OLD TABLE AS gone NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_delete_1_record_content_change AFTER DELETE ON frontline.event_source
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_insert_1_record_content_change AFTER INSERT ON frontline.event_place
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_update_1_record_content_change AFTER UPDATE ON frontline.event_place
    REFERENCING OLD TABLE AS gone NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_delete_1_record_content_change AFTER DELETE ON frontline.event_place
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_insert_1_record_content_change AFTER INSERT ON frontline.claim
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_update_1_record_content_change AFTER UPDATE ON frontline.claim
    REFERENCING OLD TABLE AS gone NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_delete_1_record_content_change AFTER DELETE ON frontline.claim
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_update_1_record_content_change AFTER UPDATE ON frontline.source
    REFERENCING OLD TABLE AS gone NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_delete_1_record_content_change AFTER DELETE ON frontline.source
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_update_1_record_content_change AFTER UPDATE ON frontline.party
    REFERENCING OLD TABLE AS gone NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_delete_1_record_content_change AFTER DELETE ON frontline.party
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_insert_1_record_content_change AFTER INSERT ON frontline.assessment
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_update_1_record_content_change AFTER UPDATE ON frontline.assessment
    REFERENCING OLD TABLE AS gone NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_delete_1_record_content_change AFTER DELETE ON frontline.assessment
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_insert_1_record_content_change AFTER INSERT ON frontline.control_area
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_update_1_record_content_change AFTER UPDATE ON frontline.control_area
    REFERENCING OLD TABLE AS gone NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();
CREATE TRIGGER after_delete_1_record_content_change AFTER DELETE ON frontline.control_area
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_content_change();

-- Marks the days of public events whose part of the map's columns must be rebuilt.
CREATE TRIGGER after_insert_2_mark_days_stale AFTER INSERT ON frontline.event
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION frontline.mark_days_of_inserted_events();
CREATE TRIGGER after_update_2_mark_days_stale AFTER UPDATE ON frontline.event
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.mark_days_of_updated_events();
CREATE TRIGGER after_delete_2_mark_days_stale AFTER DELETE ON frontline.event
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION frontline.mark_days_of_deleted_events();

-- Marks the days of public events that get or lose sources: the columns contain the classes of
-- sources.
CREATE TRIGGER after_insert_2_mark_days_stale AFTER INSERT ON frontline.event_source
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION frontline.mark_days_of_event_sources();
CREATE TRIGGER after_update_2_mark_days_stale AFTER UPDATE ON frontline.event_source
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.mark_days_of_event_sources();
CREATE TRIGGER after_delete_2_mark_days_stale AFTER DELETE ON frontline.event_source
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION frontline.mark_days_of_event_sources();

-- Marks the days of public events that name other places.
CREATE TRIGGER after_insert_2_mark_days_stale AFTER INSERT ON frontline.event_place
    REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION frontline.mark_days_of_event_places();
CREATE TRIGGER after_update_2_mark_days_stale AFTER UPDATE ON frontline.event_place
    REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION frontline.mark_days_of_event_places();
CREATE TRIGGER after_delete_2_mark_days_stale AFTER DELETE ON frontline.event_place
    REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION frontline.mark_days_of_event_places();

-- Marks the days of public events with a source that got another class, was hidden, or is shown
-- again.
CREATE TRIGGER after_update_2_mark_days_stale AFTER UPDATE ON frontline.source
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.mark_days_of_updated_sources();

-- Marks every day of an origin that becomes public or stops being public.
CREATE TRIGGER after_update_2_mark_days_stale AFTER UPDATE ON frontline.origin
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.mark_days_of_updated_origins();

-- Keeps the points and tallies of the tiles in step with the public events.
CREATE TRIGGER after_insert_3_update_points AFTER INSERT ON frontline.event
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION frontline.update_points_of_events();
CREATE TRIGGER after_update_3_update_points AFTER UPDATE ON frontline.event
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION frontline.update_points_of_events();
CREATE TRIGGER after_delete_3_update_points AFTER DELETE ON frontline.event
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION frontline.update_points_of_events();
CREATE TRIGGER after_truncate_3_update_points AFTER TRUNCATE ON frontline.event
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.delete_all_points();

-- Adds or removes the points of an origin's events when it becomes public or stops being public.
CREATE TRIGGER after_update_3_update_points AFTER UPDATE ON frontline.origin
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.update_points_of_origins();

-- Records every change, by whom and why, in the revision trail.
CREATE TRIGGER after_insert_4_record_revision AFTER INSERT ON frontline.event
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'id');
CREATE TRIGGER after_update_4_record_revision AFTER UPDATE ON frontline.event
    REFERENCING OLD TABLE AS gone NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'id');
CREATE TRIGGER after_delete_4_record_revision AFTER DELETE ON frontline.event
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'id');
CREATE TRIGGER after_insert_4_record_revision AFTER INSERT ON frontline.event_source
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.event_id', 'event_id, source_id');
CREATE TRIGGER after_update_4_record_revision AFTER UPDATE ON frontline.event_source
    REFERENCING OLD TABLE AS gone NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.event_id', 'event_id, source_id');
CREATE TRIGGER after_delete_4_record_revision AFTER DELETE ON frontline.event_source
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.event_id', 'event_id, source_id');
CREATE TRIGGER after_insert_4_record_revision AFTER INSERT ON frontline.event_place
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.event_id', 'event_id, position');
CREATE TRIGGER after_update_4_record_revision AFTER UPDATE ON frontline.event_place
    REFERENCING OLD TABLE AS gone NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.event_id', 'event_id, position');
CREATE TRIGGER after_delete_4_record_revision AFTER DELETE ON frontline.event_place
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.event_id', 'event_id, position');
CREATE TRIGGER after_insert_4_record_revision AFTER INSERT ON frontline.claim
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('coalesce(r.event_id, r.area_id)', 'id');
CREATE TRIGGER after_update_4_record_revision AFTER UPDATE ON frontline.claim
    REFERENCING OLD TABLE AS gone NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('coalesce(r.event_id, r.area_id)', 'id');
CREATE TRIGGER after_delete_4_record_revision AFTER DELETE ON frontline.claim
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('coalesce(r.event_id, r.area_id)', 'id');
CREATE TRIGGER after_insert_4_record_revision AFTER INSERT ON frontline.source
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'id');
CREATE TRIGGER after_update_4_record_revision AFTER UPDATE ON frontline.source
    REFERENCING OLD TABLE AS gone NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'id');
CREATE TRIGGER after_delete_4_record_revision AFTER DELETE ON frontline.source
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'id');
CREATE TRIGGER after_insert_4_record_revision AFTER INSERT ON frontline.event_relation
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.event_id', 'event_id, other_id, kind');
CREATE TRIGGER after_update_4_record_revision AFTER UPDATE ON frontline.event_relation
    REFERENCING OLD TABLE AS gone NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.event_id', 'event_id, other_id, kind');
CREATE TRIGGER after_delete_4_record_revision AFTER DELETE ON frontline.event_relation
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.event_id', 'event_id, other_id, kind');
CREATE TRIGGER after_insert_4_record_revision AFTER INSERT ON frontline.party
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'id');
CREATE TRIGGER after_update_4_record_revision AFTER UPDATE ON frontline.party
    REFERENCING OLD TABLE AS gone NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'id');
CREATE TRIGGER after_delete_4_record_revision AFTER DELETE ON frontline.party
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'id');
CREATE TRIGGER after_insert_4_record_revision AFTER INSERT ON frontline.assessment
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'id');
CREATE TRIGGER after_update_4_record_revision AFTER UPDATE ON frontline.assessment
    REFERENCING OLD TABLE AS gone NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'id');
CREATE TRIGGER after_delete_4_record_revision AFTER DELETE ON frontline.assessment
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'id');
CREATE TRIGGER after_insert_4_record_revision AFTER INSERT ON frontline.control_area
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.assessment_id', 'id');
CREATE TRIGGER after_update_4_record_revision AFTER UPDATE ON frontline.control_area
    REFERENCING OLD TABLE AS gone NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.assessment_id', 'id');
CREATE TRIGGER after_delete_4_record_revision AFTER DELETE ON frontline.control_area
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.assessment_id', 'id');

-- Notifies processes that cache responses about areas.
CREATE TRIGGER after_write_5_notify_caches AFTER INSERT OR UPDATE OR DELETE ON frontline.assessment
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.notify_caches();
CREATE TRIGGER after_write_5_notify_caches AFTER INSERT OR UPDATE OR DELETE ON frontline.control_area
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.notify_caches();

-- Dates the sources that an event got while it was hidden or withdrawn.
CREATE TRIGGER after_update_6_date_sources AFTER UPDATE ON frontline.event
    FOR EACH ROW
    WHEN (NEW.state = 'published' AND NEW.hidden_at IS NULL AND (OLD.state = 'withdrawn' OR OLD.hidden_at IS NOT NULL))
    EXECUTE FUNCTION frontline.date_sources_of_shown_event();
