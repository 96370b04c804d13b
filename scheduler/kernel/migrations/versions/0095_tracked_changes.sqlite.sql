-- Every change of a row that people may have to be told of is noted by the database itself.
CREATE TRIGGER track_people_insert AFTER INSERT ON people
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'human', NEW.id;
END;
-- ;;
CREATE TRIGGER track_people_update AFTER UPDATE OF kind, name, email, phone, zone, language, free, body_id ON people
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'human', OLD.id UNION SELECT 'human', NEW.id;
END;
-- ;;
CREATE TRIGGER track_people_delete AFTER DELETE ON people
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'human', OLD.id;
END;
-- ;;
CREATE TRIGGER track_patients_insert AFTER INSERT ON patients
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_patients_update AFTER UPDATE ON patients
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id UNION SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_patients_delete AFTER DELETE ON patients
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id;
END;
-- ;;
CREATE TRIGGER track_clinicians_insert AFTER INSERT ON clinicians
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_clinicians_update AFTER UPDATE OF away, ended_at ON clinicians
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id UNION SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_clinicians_delete AFTER DELETE ON clinicians
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id;
END;
-- ;;
CREATE TRIGGER track_relatives_insert AFTER INSERT ON relatives
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_relatives_update AFTER UPDATE ON relatives
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id UNION SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_relatives_delete AFTER DELETE ON relatives
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id;
END;
-- ;;
CREATE TRIGGER track_calendar_choices_insert AFTER INSERT ON calendar_choices
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_calendar_choices_update AFTER UPDATE ON calendar_choices
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id UNION SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_calendar_choices_delete AFTER DELETE ON calendar_choices
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id;
END;
-- ;;
CREATE TRIGGER track_calendar_names_insert AFTER INSERT ON calendar_names
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_calendar_names_update AFTER UPDATE ON calendar_names
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id UNION SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_calendar_names_delete AFTER DELETE ON calendar_names
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id;
END;
-- ;;
CREATE TRIGGER track_feeds_insert AFTER INSERT ON feeds
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_feeds_update AFTER UPDATE OF ended_at ON feeds
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id UNION SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_feeds_delete AFTER DELETE ON feeds
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id;
END;
-- ;;
CREATE TRIGGER track_invitations_insert AFTER INSERT ON invitations
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_invitations_update AFTER UPDATE ON invitations
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id UNION SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_invitations_delete AFTER DELETE ON invitations
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id;
END;
-- ;;
CREATE TRIGGER track_enrolments_insert AFTER INSERT ON enrolments
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.patient_id;
END;
-- ;;
CREATE TRIGGER track_enrolments_update AFTER UPDATE ON enrolments
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.patient_id UNION SELECT 'person', NEW.patient_id;
END;
-- ;;
CREATE TRIGGER track_enrolments_delete AFTER DELETE ON enrolments
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.patient_id;
END;
-- ;;
CREATE TRIGGER track_further_stays_insert AFTER INSERT ON further_stays
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.patient_id;
END;
-- ;;
CREATE TRIGGER track_further_stays_update AFTER UPDATE ON further_stays
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.patient_id UNION SELECT 'person', NEW.patient_id;
END;
-- ;;
CREATE TRIGGER track_further_stays_delete AFTER DELETE ON further_stays
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.patient_id;
END;
-- ;;
CREATE TRIGGER track_grants_insert AFTER INSERT ON grants
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.person_id;
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.patient_id;
END;
-- ;;
CREATE TRIGGER track_grants_update AFTER UPDATE ON grants
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id UNION SELECT 'person', NEW.person_id;
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.patient_id UNION SELECT 'person', NEW.patient_id;
END;
-- ;;
CREATE TRIGGER track_grants_delete AFTER DELETE ON grants
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id;
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.patient_id;
END;
-- ;;
CREATE TRIGGER track_statements_insert AFTER INSERT ON statements
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_statements_update AFTER UPDATE ON statements
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id UNION SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_statements_delete AFTER DELETE ON statements
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id;
END;
-- ;;
CREATE TRIGGER track_authorities_insert AFTER INSERT ON authorities
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.patient_id;
END;
-- ;;
CREATE TRIGGER track_authorities_update AFTER UPDATE ON authorities
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.patient_id UNION SELECT 'person', NEW.patient_id;
END;
-- ;;
CREATE TRIGGER track_authorities_delete AFTER DELETE ON authorities
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.patient_id;
END;
-- ;;
CREATE TRIGGER track_barriers_insert AFTER INSERT ON barriers
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.patient_id;
END;
-- ;;
CREATE TRIGGER track_barriers_update AFTER UPDATE ON barriers
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.patient_id UNION SELECT 'person', NEW.patient_id;
END;
-- ;;
CREATE TRIGGER track_barriers_delete AFTER DELETE ON barriers
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.patient_id;
END;
-- ;;
CREATE TRIGGER track_letters_update AFTER UPDATE OF reason ON letters
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.recipient_id UNION SELECT 'person', NEW.recipient_id;
END;
-- ;;
CREATE TRIGGER track_sessions_insert AFTER INSERT ON sessions
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', NEW.id;
END;
-- ;;
CREATE TRIGGER track_sessions_update AFTER UPDATE ON sessions
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', OLD.id UNION SELECT 'session', NEW.id;
END;
-- ;;
CREATE TRIGGER track_sessions_delete AFTER DELETE ON sessions
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', OLD.id;
END;
-- ;;
CREATE TRIGGER track_session_overrides_insert AFTER INSERT ON session_overrides
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', NEW.session_id;
END;
-- ;;
CREATE TRIGGER track_session_overrides_update AFTER UPDATE ON session_overrides
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', OLD.session_id UNION SELECT 'session', NEW.session_id;
END;
-- ;;
CREATE TRIGGER track_session_overrides_delete AFTER DELETE ON session_overrides
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', OLD.session_id;
END;
-- ;;
CREATE TRIGGER track_session_changes_insert AFTER INSERT ON session_changes
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', NEW.session_id;
END;
-- ;;
CREATE TRIGGER track_session_changes_update AFTER UPDATE ON session_changes
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', OLD.session_id UNION SELECT 'session', NEW.session_id;
END;
-- ;;
CREATE TRIGGER track_session_changes_delete AFTER DELETE ON session_changes
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', OLD.session_id;
END;
-- ;;
CREATE TRIGGER track_session_patients_insert AFTER INSERT ON session_patients
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', NEW.session_id;
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_session_patients_update AFTER UPDATE ON session_patients
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', OLD.session_id UNION SELECT 'session', NEW.session_id;
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id UNION SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_session_patients_delete AFTER DELETE ON session_patients
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', OLD.session_id;
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id;
END;
-- ;;
CREATE TRIGGER track_session_leads_insert AFTER INSERT ON session_leads
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', NEW.session_id;
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_session_leads_update AFTER UPDATE ON session_leads
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', OLD.session_id UNION SELECT 'session', NEW.session_id;
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id UNION SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_session_leads_delete AFTER DELETE ON session_leads
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', OLD.session_id;
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id;
END;
-- ;;
CREATE TRIGGER track_session_guests_insert AFTER INSERT ON session_guests
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', NEW.session_id;
  INSERT INTO tracked_changes (what, about) SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_session_guests_update AFTER UPDATE ON session_guests
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', OLD.session_id UNION SELECT 'session', NEW.session_id;
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id UNION SELECT 'person', NEW.person_id;
END;
-- ;;
CREATE TRIGGER track_session_guests_delete AFTER DELETE ON session_guests
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'session', OLD.session_id;
  INSERT INTO tracked_changes (what, about) SELECT 'person', OLD.person_id;
END;
-- ;;
CREATE TRIGGER track_cohorts_insert AFTER INSERT ON cohorts
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'cohort', NEW.id;
END;
-- ;;
CREATE TRIGGER track_cohorts_update AFTER UPDATE ON cohorts
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'cohort', OLD.id UNION SELECT 'cohort', NEW.id;
END;
-- ;;
CREATE TRIGGER track_cohorts_delete AFTER DELETE ON cohorts
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'cohort', OLD.id;
END;
-- ;;
CREATE TRIGGER track_programs_insert AFTER INSERT ON programs
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'program', NEW.id;
END;
-- ;;
CREATE TRIGGER track_programs_update AFTER UPDATE ON programs
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'program', OLD.id UNION SELECT 'program', NEW.id;
END;
-- ;;
CREATE TRIGGER track_programs_delete AFTER DELETE ON programs
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'program', OLD.id;
END;
-- ;;
CREATE TRIGGER track_practice_insert AFTER INSERT ON practice
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'house', NEW.id;
END;
-- ;;
CREATE TRIGGER track_practice_update AFTER UPDATE ON practice
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'house', OLD.id UNION SELECT 'house', NEW.id;
END;
-- ;;
CREATE TRIGGER track_practice_delete AFTER DELETE ON practice
BEGIN
  INSERT INTO tracked_changes (what, about) SELECT 'house', OLD.id;
END;
