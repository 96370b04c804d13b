-- Whom and what each session keeps engaged, restated whole: the newest of these files is the one that counts.
CREATE OR REPLACE FUNCTION sessions_engage() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  DELETE FROM engagements WHERE session_id = NEW.id;
  IF NEW.status <> 'cancelled' THEN
    -- A human is one body, whichever of their rows is in the session.
    INSERT INTO engagements (session_id, what, starts_at, ends_at)
    SELECT NEW.id, t.what, NEW.starts_at, NEW.ends_at FROM (
      SELECT COALESCE(h.body_id, h.id) AS what FROM session_leads l JOIN people h ON h.id = l.person_id
      WHERE l.session_id = NEW.id
      UNION SELECT COALESCE(h.body_id, h.id) FROM session_patients p JOIN people h ON h.id = p.person_id
      WHERE p.session_id = NEW.id AND NEW.seats <> 'families'
      UNION SELECT COALESCE(h.body_id, h.id) FROM session_guests g JOIN people h ON h.id = g.person_id WHERE g.session_id = NEW.id
      UNION SELECT NEW.room_id WHERE NEW.room_id IS NOT NULL) t;
  END IF;
  RETURN NULL;
END $gate$;
-- ;;
DROP TRIGGER IF EXISTS sessions_engage ON sessions;
-- ;;
CREATE TRIGGER sessions_engage AFTER INSERT OR UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION sessions_engage();
-- ;;
-- The session is locked, so that it cannot move away while somebody is seated in it.
CREATE OR REPLACE FUNCTION leads_engaged() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM engagements WHERE session_id = OLD.session_id
    AND what = (SELECT COALESCE(h.body_id, h.id) FROM people h WHERE h.id = OLD.person_id)
    AND what NOT IN (
      SELECT COALESCE(h.body_id, h.id) FROM session_leads l JOIN people h ON h.id = l.person_id WHERE l.session_id = OLD.session_id
      UNION SELECT COALESCE(h.body_id, h.id) FROM session_guests g JOIN people h ON h.id = g.person_id
      WHERE g.session_id = OLD.session_id
      UNION SELECT COALESCE(h.body_id, h.id) FROM session_patients p JOIN people h ON h.id = p.person_id
      JOIN sessions s ON s.id = p.session_id WHERE p.session_id = OLD.session_id AND s.seats <> 'families');
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO engagements (session_id, what, starts_at, ends_at)
    SELECT s.id, (SELECT COALESCE(h.body_id, h.id) FROM people h WHERE h.id = NEW.person_id), s.starts_at, s.ends_at FROM sessions s
    WHERE s.id = NEW.session_id AND s.status <> 'cancelled' FOR SHARE
    ON CONFLICT (session_id, what) DO NOTHING;
  END IF;
  RETURN NULL;
END $gate$;
-- ;;
DROP TRIGGER IF EXISTS leads_engaged ON session_leads;
-- ;;
CREATE TRIGGER leads_engaged AFTER INSERT OR DELETE OR UPDATE ON session_leads
FOR EACH ROW EXECUTE FUNCTION leads_engaged();
-- ;;
CREATE OR REPLACE FUNCTION patients_engaged() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM engagements WHERE session_id = OLD.session_id
    AND what = (SELECT COALESCE(h.body_id, h.id) FROM people h WHERE h.id = OLD.person_id)
    AND what NOT IN (
      SELECT COALESCE(h.body_id, h.id) FROM session_leads l JOIN people h ON h.id = l.person_id WHERE l.session_id = OLD.session_id
      UNION SELECT COALESCE(h.body_id, h.id) FROM session_guests g JOIN people h ON h.id = g.person_id
      WHERE g.session_id = OLD.session_id
      UNION SELECT COALESCE(h.body_id, h.id) FROM session_patients p JOIN people h ON h.id = p.person_id
      JOIN sessions s ON s.id = p.session_id WHERE p.session_id = OLD.session_id AND s.seats <> 'families');
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO engagements (session_id, what, starts_at, ends_at)
    SELECT s.id, (SELECT COALESCE(h.body_id, h.id) FROM people h WHERE h.id = NEW.person_id), s.starts_at, s.ends_at FROM sessions s
    WHERE s.id = NEW.session_id AND s.status <> 'cancelled' AND s.seats <> 'families' FOR SHARE
    ON CONFLICT (session_id, what) DO NOTHING;
  END IF;
  RETURN NULL;
END $gate$;
-- ;;
DROP TRIGGER IF EXISTS patients_engaged ON session_patients;
-- ;;
CREATE TRIGGER patients_engaged AFTER INSERT OR DELETE OR UPDATE ON session_patients
FOR EACH ROW EXECUTE FUNCTION patients_engaged();
-- ;;
CREATE OR REPLACE FUNCTION guests_engaged() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM engagements WHERE session_id = OLD.session_id
    AND what = (SELECT COALESCE(h.body_id, h.id) FROM people h WHERE h.id = OLD.person_id)
    AND what NOT IN (
      SELECT COALESCE(h.body_id, h.id) FROM session_leads l JOIN people h ON h.id = l.person_id WHERE l.session_id = OLD.session_id
      UNION SELECT COALESCE(h.body_id, h.id) FROM session_guests g JOIN people h ON h.id = g.person_id
      WHERE g.session_id = OLD.session_id
      UNION SELECT COALESCE(h.body_id, h.id) FROM session_patients p JOIN people h ON h.id = p.person_id
      JOIN sessions s ON s.id = p.session_id WHERE p.session_id = OLD.session_id AND s.seats <> 'families');
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO engagements (session_id, what, starts_at, ends_at)
    SELECT s.id, (SELECT COALESCE(h.body_id, h.id) FROM people h WHERE h.id = NEW.person_id), s.starts_at, s.ends_at FROM sessions s
    WHERE s.id = NEW.session_id AND s.status <> 'cancelled' FOR SHARE
    ON CONFLICT (session_id, what) DO NOTHING;
  END IF;
  RETURN NULL;
END $gate$;
-- ;;
DROP TRIGGER IF EXISTS guests_engaged ON session_guests;
-- ;;
CREATE TRIGGER guests_engaged AFTER INSERT OR DELETE OR UPDATE ON session_guests
FOR EACH ROW EXECUTE FUNCTION guests_engaged();
