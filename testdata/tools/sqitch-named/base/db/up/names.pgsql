CREATE VIEW names AS SELECT id FROM users;
COMMENT ON VIEW names IS :'registry';
