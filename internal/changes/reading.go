package changes

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// read reads the files once, on all processors, and returns for each word which of
// them have it; nothing when it is not done in time.
func (s *Search) read(ctx context.Context, words []string) map[string][]int32 {
	set := newWordSet(words)
	readers := make([]*wordReader, min(runtime.GOMAXPROCS(0), len(s.files)))
	errs := make([]error, len(readers))
	var next atomic.Int64
	var group sync.WaitGroup
	for i := range readers {
		readers[i] = newWordReader(set, len(words))
		group.Go(func() { errs[i] = readers[i].share(ctx, s, &next) })
	}
	group.Wait()
	index := map[string][]int32{}
	if errors.Join(errs...) != nil {
		return index
	}
	for id, word := range words {
		var places []int32
		for _, r := range readers {
			places = append(places, r.places[id]...)
		}
		slices.Sort(places)
		index[word] = places[:min(len(places), maxMentions)]
	}
	return index
}

// A wordReader looks for words in some of the files.
type wordReader struct {
	scanner *scanner
	places  [][]int32 // by id of a word: the first files that have it
	here    []int     // the words of the file that is read
	seen    []int     // by id of a word: the last reading that found it
	reading int       // counts from 1
}

func newWordReader(set *wordSet, words int) *wordReader {
	return &wordReader{scanner: newScanner(set), places: make([][]int32, words), seen: make([]int, words)}
}

// share reads the files that no other reader has taken. What is not there has no
// words, as with git grep.
func (r *wordReader) share(ctx context.Context, s *Search, next *atomic.Int64) (err error) {
	var text blobs = s.base.kept
	if s.base.kept == nil {
		own, err := s.base.openBlobs(ctx)
		if err != nil {
			return err
		}
		defer own.Close() // that git was stopped is told by ctx
		text = own
	}
	for ctx.Err() == nil {
		file := next.Add(1) - 1
		if file >= int64(len(s.files)) {
			return nil
		}
		if err := r.read(ctx, text, s.files[file]); errors.Is(err, errNoBlob) {
			continue
		} else if err != nil {
			return err
		}
		r.note(int32(file))
	}
	return ctx.Err()
}

// read collects the words of a file in r.here. If a file of the work tree turns out
// to differ from the base's, stream hands in a second one, from git.
func (r *wordReader) read(ctx context.Context, text blobs, n *node) error {
	return text.stream(n, func(content io.Reader) error {
		r.here = r.here[:0]
		r.reading++
		return r.scanner.scan(timely{ctx, content}, r.found)
	})
}

func (r *wordReader) found(id int) {
	if r.seen[id] != r.reading {
		r.seen[id] = r.reading
		r.here = append(r.here, id)
	}
}

// note writes down which words a file has.
func (r *wordReader) note(file int32) {
	for _, id := range r.here {
		if len(r.places[id]) < maxMentions {
			r.places[id] = append(r.places[id], file)
		}
	}
}

// timely is a reader that fails when the time is over.
type timely struct {
	ctx  context.Context
	from io.Reader
}

func (t timely) Read(p []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	return t.from.Read(p)
}
