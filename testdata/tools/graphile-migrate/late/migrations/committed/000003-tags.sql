--! Previous: sha1:7e77b4d395ecd4c9849d925f26ee4c05f4230a71
--! Hash: sha1:83cb1c3f9c0f35f62d7ffd4b93b65c57034e3a5a

CREATE TABLE tags (id bigint PRIMARY KEY);
