-- Whom and what each session keeps engaged, restated whole: the newest of these files is the one that counts.
DROP TRIGGER IF EXISTS sessions_engage_new;
-- ;;
CREATE TRIGGER sessions_engage_new AFTER INSERT ON sessions WHEN NEW.room_id IS NOT NULL AND NEW.status <> 'cancelled'
BEGIN
  INSERT INTO engagements (session_id, what, starts_at, ends_at)
  VALUES (NEW.id, NEW.room_id, NEW.starts_at, NEW.ends_at);
END;
-- ;;
DROP TRIGGER IF EXISTS sessions_engage;
-- ;;
-- A human is one body, whichever of their rows is in the session.
CREATE TRIGGER sessions_engage AFTER UPDATE ON sessions
BEGIN
  DELETE FROM engagements WHERE session_id = NEW.id;
  INSERT INTO engagements (session_id, what, starts_at, ends_at)
  SELECT NEW.id, t.what, NEW.starts_at, NEW.ends_at FROM (
    SELECT COALESCE(h.body_id, h.id) AS what FROM session_leads l JOIN people h ON h.id = l.person_id
    WHERE l.session_id = NEW.id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_patients p JOIN people h ON h.id = p.person_id
    WHERE p.session_id = NEW.id AND NEW.seats <> 'families'
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_guests g JOIN people h ON h.id = g.person_id WHERE g.session_id = NEW.id
    UNION SELECT NEW.room_id WHERE NEW.room_id IS NOT NULL) t
  WHERE NEW.status <> 'cancelled';
END;
-- ;;
DROP TRIGGER IF EXISTS leads_engaged;
-- ;;
DROP TRIGGER IF EXISTS leads_free;
-- ;;
DROP TRIGGER IF EXISTS leads_changed;
-- ;;
CREATE TRIGGER leads_engaged AFTER INSERT ON session_leads
BEGIN
  INSERT INTO engagements (session_id, what, starts_at, ends_at)
  SELECT s.id, COALESCE(h.body_id, h.id), s.starts_at, s.ends_at FROM sessions s JOIN people h ON h.id = NEW.person_id
  WHERE s.id = NEW.session_id AND s.status <> 'cancelled'
  ON CONFLICT (session_id, what) DO NOTHING;
END;
-- ;;
CREATE TRIGGER leads_free AFTER DELETE ON session_leads
BEGIN
  DELETE FROM engagements WHERE session_id = OLD.session_id
  AND what = (SELECT COALESCE(h.body_id, h.id) FROM people h WHERE h.id = OLD.person_id)
  AND what NOT IN (
    SELECT COALESCE(h.body_id, h.id) FROM session_leads l JOIN people h ON h.id = l.person_id WHERE l.session_id = OLD.session_id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_guests g JOIN people h ON h.id = g.person_id
    WHERE g.session_id = OLD.session_id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_patients p JOIN people h ON h.id = p.person_id
    JOIN sessions s ON s.id = p.session_id WHERE p.session_id = OLD.session_id AND s.seats <> 'families');
END;
-- ;;
CREATE TRIGGER leads_changed AFTER UPDATE ON session_leads
BEGIN
  DELETE FROM engagements WHERE session_id = OLD.session_id
  AND what = (SELECT COALESCE(h.body_id, h.id) FROM people h WHERE h.id = OLD.person_id)
  AND what NOT IN (
    SELECT COALESCE(h.body_id, h.id) FROM session_leads l JOIN people h ON h.id = l.person_id WHERE l.session_id = OLD.session_id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_guests g JOIN people h ON h.id = g.person_id
    WHERE g.session_id = OLD.session_id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_patients p JOIN people h ON h.id = p.person_id
    JOIN sessions s ON s.id = p.session_id WHERE p.session_id = OLD.session_id AND s.seats <> 'families');
  INSERT INTO engagements (session_id, what, starts_at, ends_at)
  SELECT s.id, COALESCE(h.body_id, h.id), s.starts_at, s.ends_at FROM sessions s JOIN people h ON h.id = NEW.person_id
  WHERE s.id = NEW.session_id AND s.status <> 'cancelled'
  ON CONFLICT (session_id, what) DO NOTHING;
END;
-- ;;
DROP TRIGGER IF EXISTS patients_engaged;
-- ;;
DROP TRIGGER IF EXISTS patients_free;
-- ;;
DROP TRIGGER IF EXISTS patients_changed;
-- ;;
CREATE TRIGGER patients_engaged AFTER INSERT ON session_patients
BEGIN
  INSERT INTO engagements (session_id, what, starts_at, ends_at)
  SELECT s.id, COALESCE(h.body_id, h.id), s.starts_at, s.ends_at FROM sessions s JOIN people h ON h.id = NEW.person_id
  WHERE s.id = NEW.session_id AND s.status <> 'cancelled' AND s.seats <> 'families'
  ON CONFLICT (session_id, what) DO NOTHING;
END;
-- ;;
CREATE TRIGGER patients_free AFTER DELETE ON session_patients
BEGIN
  DELETE FROM engagements WHERE session_id = OLD.session_id
  AND what = (SELECT COALESCE(h.body_id, h.id) FROM people h WHERE h.id = OLD.person_id)
  AND what NOT IN (
    SELECT COALESCE(h.body_id, h.id) FROM session_leads l JOIN people h ON h.id = l.person_id WHERE l.session_id = OLD.session_id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_guests g JOIN people h ON h.id = g.person_id
    WHERE g.session_id = OLD.session_id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_patients p JOIN people h ON h.id = p.person_id
    JOIN sessions s ON s.id = p.session_id WHERE p.session_id = OLD.session_id AND s.seats <> 'families');
END;
-- ;;
CREATE TRIGGER patients_changed AFTER UPDATE ON session_patients
BEGIN
  DELETE FROM engagements WHERE session_id = OLD.session_id
  AND what = (SELECT COALESCE(h.body_id, h.id) FROM people h WHERE h.id = OLD.person_id)
  AND what NOT IN (
    SELECT COALESCE(h.body_id, h.id) FROM session_leads l JOIN people h ON h.id = l.person_id WHERE l.session_id = OLD.session_id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_guests g JOIN people h ON h.id = g.person_id
    WHERE g.session_id = OLD.session_id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_patients p JOIN people h ON h.id = p.person_id
    JOIN sessions s ON s.id = p.session_id WHERE p.session_id = OLD.session_id AND s.seats <> 'families');
  INSERT INTO engagements (session_id, what, starts_at, ends_at)
  SELECT s.id, COALESCE(h.body_id, h.id), s.starts_at, s.ends_at FROM sessions s JOIN people h ON h.id = NEW.person_id
  WHERE s.id = NEW.session_id AND s.status <> 'cancelled' AND s.seats <> 'families'
  ON CONFLICT (session_id, what) DO NOTHING;
END;
-- ;;
DROP TRIGGER IF EXISTS guests_engaged;
-- ;;
DROP TRIGGER IF EXISTS guests_free;
-- ;;
DROP TRIGGER IF EXISTS guests_changed;
-- ;;
CREATE TRIGGER guests_engaged AFTER INSERT ON session_guests
BEGIN
  INSERT INTO engagements (session_id, what, starts_at, ends_at)
  SELECT s.id, COALESCE(h.body_id, h.id), s.starts_at, s.ends_at FROM sessions s JOIN people h ON h.id = NEW.person_id
  WHERE s.id = NEW.session_id AND s.status <> 'cancelled'
  ON CONFLICT (session_id, what) DO NOTHING;
END;
-- ;;
CREATE TRIGGER guests_free AFTER DELETE ON session_guests
BEGIN
  DELETE FROM engagements WHERE session_id = OLD.session_id
  AND what = (SELECT COALESCE(h.body_id, h.id) FROM people h WHERE h.id = OLD.person_id)
  AND what NOT IN (
    SELECT COALESCE(h.body_id, h.id) FROM session_leads l JOIN people h ON h.id = l.person_id WHERE l.session_id = OLD.session_id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_guests g JOIN people h ON h.id = g.person_id
    WHERE g.session_id = OLD.session_id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_patients p JOIN people h ON h.id = p.person_id
    JOIN sessions s ON s.id = p.session_id WHERE p.session_id = OLD.session_id AND s.seats <> 'families');
END;
-- ;;
CREATE TRIGGER guests_changed AFTER UPDATE ON session_guests
BEGIN
  DELETE FROM engagements WHERE session_id = OLD.session_id
  AND what = (SELECT COALESCE(h.body_id, h.id) FROM people h WHERE h.id = OLD.person_id)
  AND what NOT IN (
    SELECT COALESCE(h.body_id, h.id) FROM session_leads l JOIN people h ON h.id = l.person_id WHERE l.session_id = OLD.session_id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_guests g JOIN people h ON h.id = g.person_id
    WHERE g.session_id = OLD.session_id
    UNION SELECT COALESCE(h.body_id, h.id) FROM session_patients p JOIN people h ON h.id = p.person_id
    JOIN sessions s ON s.id = p.session_id WHERE p.session_id = OLD.session_id AND s.seats <> 'families');
  INSERT INTO engagements (session_id, what, starts_at, ends_at)
  SELECT s.id, COALESCE(h.body_id, h.id), s.starts_at, s.ends_at FROM sessions s JOIN people h ON h.id = NEW.person_id
  WHERE s.id = NEW.session_id AND s.status <> 'cancelled'
  ON CONFLICT (session_id, what) DO NOTHING;
END;
-- ;;
DROP TRIGGER IF EXISTS engagements_clash;
-- ;;
-- What is engaged twice refers to a session that is not there: the reference is looked at when the transaction ends,
-- so that two may change places on the way, and no transaction that leaves a clash can be committed.
CREATE TRIGGER engagements_clash AFTER INSERT ON engagements
BEGIN
  UPDATE engagements SET clash = '!' WHERE session_id = NEW.session_id AND what = NEW.what AND EXISTS (
    SELECT 1 FROM engagements o WHERE o.what = NEW.what AND o.session_id <> NEW.session_id
    AND o.ends_at > NEW.starts_at AND o.starts_at < NEW.ends_at);
END;
-- ;;
DROP TRIGGER IF EXISTS engagements_clear;
-- ;;
CREATE TRIGGER engagements_clear AFTER DELETE ON engagements
BEGIN
  UPDATE engagements SET clash = NULL
  WHERE what = OLD.what AND ends_at > OLD.starts_at AND starts_at < OLD.ends_at AND clash IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM engagements o WHERE o.what = engagements.what AND o.session_id <> engagements.session_id
    AND o.ends_at > engagements.starts_at AND o.starts_at < engagements.ends_at);
END;
-- ;;
DROP TRIGGER IF EXISTS engagements_kept;
-- ;;
CREATE TRIGGER engagements_kept BEFORE UPDATE ON engagements
WHEN NEW.session_id <> OLD.session_id OR NEW.what <> OLD.what OR NEW.starts_at <> OLD.starts_at
  OR NEW.ends_at <> OLD.ends_at OR (NEW.clash IS NULL AND EXISTS (
    SELECT 1 FROM engagements o WHERE o.what = OLD.what AND o.session_id <> OLD.session_id
    AND o.ends_at > OLD.starts_at AND o.starts_at < OLD.ends_at))
BEGIN SELECT RAISE(ABORT, 'an engagement follows its session'); END;
