SELECT name_of(u) FROM users u WHERE false;
