CREATE OR REPLACE FUNCTION grants_complete() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF (EXISTS (
      SELECT 1 FROM statements s
      WHERE s.id = NEW.statement AND s.patient_id = NEW.patient_id AND s.person_id = NEW.person_id
        AND s.capacity = NEW.signed_by AND s.signed = NEW.signed)
    AND EXISTS (SELECT 1 FROM relatives r WHERE r.person_id = NEW.person_id
      AND r.patient_id = NEW.patient_id)
    AND NEW.purpose IN ('family_therapy', 'multi_family_group', 'progress_update',
      'discharge_planning',
      'family_workshop', 'caregiver_group', 'case_consult')) IS NOT TRUE THEN
    RAISE EXCEPTION 'a grant needs a complete statement that was signed' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
