CREATE TABLE {{.prefix}}_settings (id int PRIMARY KEY);
{{ template "shared/grants.sql" . }}

---- create above / drop below ----

DROP TABLE {{.prefix}}_settings;
