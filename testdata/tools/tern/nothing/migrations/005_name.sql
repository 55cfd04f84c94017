-- to be written

---- create above / drop below ----

