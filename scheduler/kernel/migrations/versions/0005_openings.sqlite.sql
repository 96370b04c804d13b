CREATE TRIGGER openings_kept BEFORE DELETE ON openings
BEGIN SELECT RAISE(ABORT, 'an accounting is append-only'); END;
-- ;;
CREATE TRIGGER openings_final BEFORE UPDATE ON openings
BEGIN SELECT RAISE(ABORT, 'an accounting is append-only'); END;
-- ;;
CREATE TRIGGER openings_once BEFORE INSERT ON openings WHEN EXISTS (SELECT 1 FROM openings o WHERE o.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an accounting is append-only'); END;
