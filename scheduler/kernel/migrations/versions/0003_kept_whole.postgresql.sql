-- TRUNCATE fires no row trigger: it would empty what is append-only.
CREATE FUNCTION kept_whole() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23514';
END $gate$;
-- ;;
CREATE TRIGGER grants_whole BEFORE TRUNCATE ON grants FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
-- ;;
CREATE TRIGGER letters_whole BEFORE TRUNCATE ON letters FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
-- ;;
CREATE TRIGGER audit_entries_whole BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
