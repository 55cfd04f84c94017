package source

// ReviewAll pairs the folders of two branches and reviews each pair. A folder
// that moved is paired with what it became; one that is gone is reviewed
// against nothing, so that its migrations are told as deleted.
func ReviewAll(base, head []*Folder, o ReviewOptions) []*Source {
	var sources []*Source
	left := map[*Folder]bool{}
	for _, b := range base {
		left[b] = true
	}
	partners := make([]*Folder, len(head))
	for _, alike := range []func(b, h *Folder) bool{sameDir, sharesMigrations} {
		for i, h := range head {
			for _, b := range base {
				if partners[i] == nil && left[b] && alike(b, h) {
					partners[i], left[b] = b, false
				}
			}
		}
	}
	for i, h := range head {
		sources = append(sources, Review(partners[i], h, o))
	}
	for _, b := range base {
		if left[b] {
			sources = append(sources, Review(b, &Folder{Found: b.Found}, o))
		}
	}
	return sources
}

func sameDir(b, h *Folder) bool { return b.Dir == h.Dir }

// sharesMigrations tells whether most of b stands in h under the same names.
func sharesMigrations(b, h *Folder) bool {
	texts := map[string]string{}
	for _, s := range h.steps {
		texts[s.identity()] = s.ownText()
	}
	shared := 0
	for _, s := range b.steps {
		if text, ok := texts[s.identity()]; ok && sameText(s.ownText(), text) {
			shared++
		}
	}
	return shared > 0 && 2*shared >= len(b.steps)
}
