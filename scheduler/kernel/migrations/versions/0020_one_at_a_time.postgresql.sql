-- Whom and what each session keeps engaged is written by the database itself, whoever writes the session.
CREATE FUNCTION sessions_engage() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  DELETE FROM engagements WHERE session_id = NEW.id;
  IF NEW.status <> 'cancelled' THEN
    INSERT INTO engagements (session_id, what, starts_at, ends_at)
    SELECT NEW.id, t.what, NEW.starts_at, NEW.ends_at FROM (
      SELECT l.person_id AS what FROM session_leads l WHERE l.session_id = NEW.id
      UNION SELECT p.person_id FROM session_patients p WHERE p.session_id = NEW.id AND NEW.seats <> 'families'
      UNION SELECT NEW.room_id WHERE NEW.room_id IS NOT NULL) t;
  END IF;
  RETURN NULL;
END $gate$;
-- ;;
CREATE TRIGGER sessions_engage AFTER INSERT OR UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION sessions_engage();
-- ;;
-- The session is locked, so that it cannot move away while somebody is seated in it.
CREATE FUNCTION leads_engaged() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM engagements WHERE session_id = OLD.session_id AND what = OLD.person_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO engagements (session_id, what, starts_at, ends_at)
    SELECT s.id, NEW.person_id, s.starts_at, s.ends_at FROM sessions s
    WHERE s.id = NEW.session_id AND s.status <> 'cancelled' FOR SHARE
    ON CONFLICT (session_id, what) DO NOTHING;
  END IF;
  RETURN NULL;
END $gate$;
-- ;;
CREATE TRIGGER leads_engaged AFTER INSERT OR DELETE OR UPDATE ON session_leads
FOR EACH ROW EXECUTE FUNCTION leads_engaged();
-- ;;
CREATE FUNCTION patients_engaged() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM engagements WHERE session_id = OLD.session_id AND what = OLD.person_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO engagements (session_id, what, starts_at, ends_at)
    SELECT s.id, NEW.person_id, s.starts_at, s.ends_at FROM sessions s
    WHERE s.id = NEW.session_id AND s.status <> 'cancelled' AND s.seats <> 'families' FOR SHARE
    ON CONFLICT (session_id, what) DO NOTHING;
  END IF;
  RETURN NULL;
END $gate$;
-- ;;
CREATE TRIGGER patients_engaged AFTER INSERT OR DELETE OR UPDATE ON session_patients
FOR EACH ROW EXECUTE FUNCTION patients_engaged();
