package lint

// SQL checks the text of one migration with rules, when that is all there is: no
// migration came before it, it is sent in one message, in a transaction, and no
// server was asked. The path is what findings call it. [Run] is for a history.
//
// Rules have the severity that is theirs, so that opt-in rules, whose severity is
// Off, find nothing.
func SQL(path, text string, rules ...*Rule) []Finding {
	h := &History{New: []*Migration{{Path: path, Name: path, Source: text}}}
	return Run([]*History{h}, nil, Options{Rules: rules})
}
