{
  "id": "forum"
}
