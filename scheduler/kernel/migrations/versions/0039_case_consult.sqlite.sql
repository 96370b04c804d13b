DROP TRIGGER grants_complete;
-- ;;
CREATE TRIGGER grants_complete BEFORE INSERT ON grants
WHEN NOT (EXISTS (
    SELECT 1 FROM statements s
    WHERE s.id = NEW.statement AND s.patient_id = NEW.patient_id AND s.person_id = NEW.person_id
      AND s.capacity = NEW.signed_by AND s.signed = NEW.signed)
  AND EXISTS (SELECT 1 FROM relatives r WHERE r.person_id = NEW.person_id
    AND r.patient_id = NEW.patient_id)
  AND NEW.purpose IN ('family_therapy', 'multi_family_group', 'progress_update',
    'discharge_planning',
    'family_workshop', 'caregiver_group', 'case_consult')) IS TRUE
BEGIN SELECT RAISE(ABORT, 'a grant needs a complete statement that was signed'); END;
