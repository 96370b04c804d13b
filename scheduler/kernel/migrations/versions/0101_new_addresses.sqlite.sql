DROP TRIGGER letters_gate_address;
-- ;;
-- No letter to an address that is not its person's; what is taken back follows the entry to the
-- address that it went to.
-- A code may go to an address that its person wants and that waits for it.
CREATE TRIGGER letters_gate_address BEFORE INSERT ON letters
WHEN NEW.channel = 'mail' AND NOT EXISTS (
  SELECT 1 FROM people p
  WHERE p.id = NEW.recipient_id AND lower(p.email) = lower(NEW.address))
AND NOT (NEW.kind = 'cancellation' AND EXISTS (
  SELECT 1 FROM letters l
  WHERE l.recipient_id = NEW.recipient_id AND l.uid = NEW.uid AND l.address = NEW.address))
AND NOT (NEW.kind = 'code' AND EXISTS (
  SELECT 1 FROM address_changes c
  WHERE c.person_id = NEW.recipient_id AND c.ended_at IS NULL AND c.address = NEW.address))
BEGIN SELECT RAISE(ABORT, 'consent gate: this address is another''s'); END;
