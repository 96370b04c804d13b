-- What two parents signed is no basis any more once the authority of the second has ended, as with the first.
CREATE TRIGGER letters_gate_co_signed_insert BEFORE INSERT ON letters
WHEN NEW.basis = 'grant' AND EXISTS (
  SELECT 1 FROM grants g JOIN co_signatures c ON c.statement_id = g.statement JOIN authorities a ON a.id = c.authority_id
  WHERE g.id = NEW.grant_id AND a.ended_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'consent gate: the authority of one who signed has ended'); END;
-- ;;
CREATE TRIGGER letters_gate_co_signed_send BEFORE UPDATE OF state, phase ON letters
WHEN NEW.state = 'sending' AND NEW.basis = 'grant' AND EXISTS (
  SELECT 1 FROM grants g JOIN co_signatures c ON c.statement_id = g.statement JOIN authorities a ON a.id = c.authority_id
  WHERE g.id = NEW.grant_id AND a.ended_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'consent gate: the authority of one who signed has ended'); END;
-- ;;
CREATE TRIGGER authorities_stop_co_signed AFTER UPDATE OF ended_at ON authorities
WHEN NEW.ended_at IS NOT NULL
BEGIN
  UPDATE letters SET state = 'suppressed', reason = 'the authority it stood on has ended'
  WHERE basis = 'grant' AND state IN ('waiting', 'retry') AND grant_id IN (
    SELECT g.id FROM grants g JOIN co_signatures c ON c.statement_id = g.statement WHERE c.authority_id = NEW.id);
END;
-- ;;
CREATE TRIGGER co_signatures_final BEFORE UPDATE ON co_signatures
BEGIN SELECT RAISE(ABORT, 'what was signed is never changed'); END;
-- ;;
CREATE TRIGGER co_signatures_kept BEFORE DELETE ON co_signatures
BEGIN SELECT RAISE(ABORT, 'what was signed is never deleted'); END;
-- ;;
CREATE TRIGGER co_signatures_once BEFORE INSERT ON co_signatures
WHEN EXISTS (SELECT 1 FROM co_signatures c WHERE c.statement_id = NEW.statement_id)
BEGIN SELECT RAISE(ABORT, 'what was signed is written once'); END;
