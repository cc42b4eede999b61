-- Postgres guards the rows of each clinic a second time here. SQLite has no row-level security: the number keeps both
-- lists of migrations alike.
SELECT 1;
