BEGIN;
DROP TABLE moods, posts;
COMMIT;
