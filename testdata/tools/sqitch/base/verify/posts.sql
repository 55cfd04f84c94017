SELECT id FROM posts WHERE false;
