--! Previous: sha1:7337851047353ed7d702f083a22249432f0e284f
--! Hash: sha1:3dbc0e6c2f484b7482ce31940ff41c6159d2144f

--! no-transaction
CREATE INDEX CONCURRENTLY users_name ON users (name);
