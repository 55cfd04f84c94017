{{ if eq .prefix "app" -}}
CREATE TABLE {{.prefix}}_more (id int PRIMARY KEY);
{{- end }}
ALTER TABLE {{.prefix}}_settings ADD COLUMN value text;
