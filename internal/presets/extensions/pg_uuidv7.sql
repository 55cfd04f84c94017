CREATE FUNCTION uuid_generate_v7() RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT gen_random_uuid()';
CREATE FUNCTION uuid_v7_to_timestamptz(id uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$SELECT timestamptz '2026-01-01 00:00:00Z'$$;
CREATE FUNCTION uuid_timestamptz_to_v7(at timestamptz, zero boolean DEFAULT false) RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT gen_random_uuid()';
