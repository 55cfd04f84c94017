CREATE SCHEMA IF NOT EXISTS graphql;
GRANT USAGE ON SCHEMA graphql TO PUBLIC;
CREATE FUNCTION graphql.resolve(query text, variables jsonb DEFAULT '{}', "operationName" text DEFAULT NULL, extensions jsonb DEFAULT NULL)
	RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb';
