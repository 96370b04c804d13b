-- INSERT OR REPLACE deletes without asking a DELETE trigger: it would bring a withdrawn grant back to life.
CREATE TRIGGER grants_once BEFORE INSERT ON grants WHEN EXISTS (SELECT 1 FROM grants g WHERE g.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a grant is written once'); END;
-- ;;
CREATE TRIGGER letters_once BEFORE INSERT ON letters
WHEN EXISTS (SELECT 1 FROM letters l WHERE l.id = NEW.id OR l.dedupe_key = NEW.dedupe_key)
BEGIN SELECT RAISE(ABORT, 'a letter is written once'); END;
-- ;;
CREATE TRIGGER audit_entries_once BEFORE INSERT ON audit_entries
WHEN EXISTS (SELECT 1 FROM audit_entries e WHERE e.number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END;
