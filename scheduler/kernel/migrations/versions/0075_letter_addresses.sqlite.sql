-- No letter to an address that is not its person's; what is taken back follows the entry to the
-- address that it went to.
CREATE TRIGGER letters_gate_address BEFORE INSERT ON letters
WHEN NEW.channel = 'mail' AND NOT EXISTS (
  SELECT 1 FROM people p
  WHERE p.id = NEW.recipient_id AND lower(p.email) = lower(NEW.address))
AND NOT (NEW.kind = 'cancellation' AND EXISTS (
  SELECT 1 FROM letters l
  WHERE l.recipient_id = NEW.recipient_id AND l.uid = NEW.uid AND l.address = NEW.address))
BEGIN SELECT RAISE(ABORT, 'consent gate: this address is another''s'); END;
