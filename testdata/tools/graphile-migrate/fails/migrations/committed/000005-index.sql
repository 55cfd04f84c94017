--! Previous: sha1:ad516b6c3265e18cf05bfb67ed25afe664502fe1
--! Hash: sha1:b3b80dbc3e94af22a5f4cf94ee48cf0531510a2d

CREATE INDEX CONCURRENTLY users_email ON users (email);
