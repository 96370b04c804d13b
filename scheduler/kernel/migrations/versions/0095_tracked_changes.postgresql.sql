-- Every change of a row that people may have to be told of is noted by the database itself.
CREATE FUNCTION track_change() RETURNS trigger LANGUAGE plpgsql AS $gate$
DECLARE
  place integer := 0;
  was text;
  now_is text;
BEGIN
  WHILE place < TG_NARGS LOOP
    was := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) ->> TG_ARGV[place + 1] END;
    now_is := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) ->> TG_ARGV[place + 1] END;
    INSERT INTO tracked_changes (what, about)
    SELECT DISTINCT TG_ARGV[place], t.about FROM (VALUES (was), (now_is)) t (about)
    WHERE t.about IS NOT NULL;
    place := place + 2;
  END LOOP;
  RETURN NULL;
END $gate$;
-- ;;
CREATE TRIGGER track_people_insert AFTER INSERT ON people
FOR EACH ROW EXECUTE FUNCTION track_change('human', 'id');
-- ;;
CREATE TRIGGER track_people_update AFTER UPDATE OF kind, name, email, phone, zone, language, free, body_id ON people
FOR EACH ROW EXECUTE FUNCTION track_change('human', 'id');
-- ;;
CREATE TRIGGER track_people_delete AFTER DELETE ON people
FOR EACH ROW EXECUTE FUNCTION track_change('human', 'id');
-- ;;
CREATE TRIGGER track_patients_insert AFTER INSERT ON patients
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_patients_update AFTER UPDATE ON patients
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_patients_delete AFTER DELETE ON patients
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_clinicians_insert AFTER INSERT ON clinicians
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_clinicians_update AFTER UPDATE OF away, ended_at ON clinicians
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_clinicians_delete AFTER DELETE ON clinicians
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_relatives_insert AFTER INSERT ON relatives
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_relatives_update AFTER UPDATE ON relatives
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_relatives_delete AFTER DELETE ON relatives
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_calendar_choices_insert AFTER INSERT ON calendar_choices
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_calendar_choices_update AFTER UPDATE ON calendar_choices
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_calendar_choices_delete AFTER DELETE ON calendar_choices
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_calendar_names_insert AFTER INSERT ON calendar_names
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_calendar_names_update AFTER UPDATE ON calendar_names
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_calendar_names_delete AFTER DELETE ON calendar_names
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_feeds_insert AFTER INSERT ON feeds
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_feeds_update AFTER UPDATE OF ended_at ON feeds
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_feeds_delete AFTER DELETE ON feeds
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_invitations_insert AFTER INSERT ON invitations
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_invitations_update AFTER UPDATE ON invitations
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_invitations_delete AFTER DELETE ON invitations
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_enrolments_insert AFTER INSERT ON enrolments
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'patient_id');
-- ;;
CREATE TRIGGER track_enrolments_update AFTER UPDATE ON enrolments
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'patient_id');
-- ;;
CREATE TRIGGER track_enrolments_delete AFTER DELETE ON enrolments
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'patient_id');
-- ;;
CREATE TRIGGER track_further_stays_insert AFTER INSERT ON further_stays
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'patient_id');
-- ;;
CREATE TRIGGER track_further_stays_update AFTER UPDATE ON further_stays
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'patient_id');
-- ;;
CREATE TRIGGER track_further_stays_delete AFTER DELETE ON further_stays
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'patient_id');
-- ;;
CREATE TRIGGER track_grants_insert AFTER INSERT ON grants
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id', 'person', 'patient_id');
-- ;;
CREATE TRIGGER track_grants_update AFTER UPDATE ON grants
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id', 'person', 'patient_id');
-- ;;
CREATE TRIGGER track_grants_delete AFTER DELETE ON grants
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id', 'person', 'patient_id');
-- ;;
CREATE TRIGGER track_statements_insert AFTER INSERT ON statements
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_statements_update AFTER UPDATE ON statements
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_statements_delete AFTER DELETE ON statements
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'person_id');
-- ;;
CREATE TRIGGER track_authorities_insert AFTER INSERT ON authorities
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'patient_id');
-- ;;
CREATE TRIGGER track_authorities_update AFTER UPDATE ON authorities
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'patient_id');
-- ;;
CREATE TRIGGER track_authorities_delete AFTER DELETE ON authorities
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'patient_id');
-- ;;
CREATE TRIGGER track_barriers_insert AFTER INSERT ON barriers
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'patient_id');
-- ;;
CREATE TRIGGER track_barriers_update AFTER UPDATE ON barriers
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'patient_id');
-- ;;
CREATE TRIGGER track_barriers_delete AFTER DELETE ON barriers
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'patient_id');
-- ;;
CREATE TRIGGER track_letters_update AFTER UPDATE OF reason ON letters
FOR EACH ROW EXECUTE FUNCTION track_change('person', 'recipient_id');
-- ;;
CREATE TRIGGER track_sessions_insert AFTER INSERT ON sessions
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'id');
-- ;;
CREATE TRIGGER track_sessions_update AFTER UPDATE ON sessions
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'id');
-- ;;
CREATE TRIGGER track_sessions_delete AFTER DELETE ON sessions
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'id');
-- ;;
CREATE TRIGGER track_session_overrides_insert AFTER INSERT ON session_overrides
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id');
-- ;;
CREATE TRIGGER track_session_overrides_update AFTER UPDATE ON session_overrides
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id');
-- ;;
CREATE TRIGGER track_session_overrides_delete AFTER DELETE ON session_overrides
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id');
-- ;;
CREATE TRIGGER track_session_changes_insert AFTER INSERT ON session_changes
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id');
-- ;;
CREATE TRIGGER track_session_changes_update AFTER UPDATE ON session_changes
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id');
-- ;;
CREATE TRIGGER track_session_changes_delete AFTER DELETE ON session_changes
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id');
-- ;;
CREATE TRIGGER track_session_patients_insert AFTER INSERT ON session_patients
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id', 'person', 'person_id');
-- ;;
CREATE TRIGGER track_session_patients_update AFTER UPDATE ON session_patients
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id', 'person', 'person_id');
-- ;;
CREATE TRIGGER track_session_patients_delete AFTER DELETE ON session_patients
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id', 'person', 'person_id');
-- ;;
CREATE TRIGGER track_session_leads_insert AFTER INSERT ON session_leads
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id', 'person', 'person_id');
-- ;;
CREATE TRIGGER track_session_leads_update AFTER UPDATE ON session_leads
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id', 'person', 'person_id');
-- ;;
CREATE TRIGGER track_session_leads_delete AFTER DELETE ON session_leads
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id', 'person', 'person_id');
-- ;;
CREATE TRIGGER track_session_guests_insert AFTER INSERT ON session_guests
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id', 'person', 'person_id');
-- ;;
CREATE TRIGGER track_session_guests_update AFTER UPDATE ON session_guests
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id', 'person', 'person_id');
-- ;;
CREATE TRIGGER track_session_guests_delete AFTER DELETE ON session_guests
FOR EACH ROW EXECUTE FUNCTION track_change('session', 'session_id', 'person', 'person_id');
-- ;;
CREATE TRIGGER track_cohorts_insert AFTER INSERT ON cohorts
FOR EACH ROW EXECUTE FUNCTION track_change('cohort', 'id');
-- ;;
CREATE TRIGGER track_cohorts_update AFTER UPDATE ON cohorts
FOR EACH ROW EXECUTE FUNCTION track_change('cohort', 'id');
-- ;;
CREATE TRIGGER track_cohorts_delete AFTER DELETE ON cohorts
FOR EACH ROW EXECUTE FUNCTION track_change('cohort', 'id');
-- ;;
CREATE TRIGGER track_programs_insert AFTER INSERT ON programs
FOR EACH ROW EXECUTE FUNCTION track_change('program', 'id');
-- ;;
CREATE TRIGGER track_programs_update AFTER UPDATE ON programs
FOR EACH ROW EXECUTE FUNCTION track_change('program', 'id');
-- ;;
CREATE TRIGGER track_programs_delete AFTER DELETE ON programs
FOR EACH ROW EXECUTE FUNCTION track_change('program', 'id');
-- ;;
CREATE TRIGGER track_practice_insert AFTER INSERT ON practice
FOR EACH ROW EXECUTE FUNCTION track_change('house', 'id');
-- ;;
CREATE TRIGGER track_practice_update AFTER UPDATE ON practice
FOR EACH ROW EXECUTE FUNCTION track_change('house', 'id');
-- ;;
CREATE TRIGGER track_practice_delete AFTER DELETE ON practice
FOR EACH ROW EXECUTE FUNCTION track_change('house', 'id');
