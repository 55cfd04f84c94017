package changes

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"

	"github.com/migvet/migvet/internal/files"
)

// maxKept is how many files a Remote is asked for, one request each: a workflow's
// token has 1,000 an hour.
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
const maxKept = 300

const keptList = "base.json"

// A kept base is one whose files lie in a directory, for a process that has
// neither git nor a token to ask for them: all their names and hashes in
// base.json, and what the working tree has otherwise, named by hash.
type kept struct {
	Commit, Branch, Reason string
	Files                  map[string]keptFile // by path

	dir, work *os.Root
}

type keptFile struct {
	Hash string
	Link bool `json:",omitempty"` // symbolic
}

// Keep finds the base by what a Remote tells, and writes it into an empty
// directory. Find takes it from there, as long as the working tree stays.
func Keep(ctx context.Context, o Options, remote Remote, dir string) (*Base, error) {
	work, err := os.OpenRoot(o.Dir)
	if err != nil {
		return nil, err
	}
	defer work.Close()
	target, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer target.Close()
	base, err := findTold(ctx, o, remote, work)
	if err != nil {
		return nil, err
	}
	files, err := remote.Files(ctx, base.Commit)
	if err != nil {
		return nil, fmt.Errorf("listing the files of %s: %w", base, err)
	}
	k := &kept{Commit: base.Commit, Branch: base.Branch, Reason: base.Reason, Files: map[string]keptFile{}, dir: target, work: work}
	other := k.list(files)
	if len(other) > maxKept {
		return nil, fmt.Errorf("%d files are other than in %s, and the API gives one a request, so that at most %d are asked for; %s", len(other), base, maxKept, deeperDepth)
	}
	for _, f := range other {
		if err := k.fetch(ctx, remote, f); err != nil {
			return nil, fmt.Errorf("%s of %s: %w", f.Path, base, err)
		}
	}
	return base, k.write()
}

// list takes the names, and returns the files that the working tree has
// otherwise, one for each content.
func (k *kept) list(files []File) (other []File) {
	seen := map[string]bool{}
	for _, f := range files {
		if !isHash(f.Hash) || !fs.ValidPath(f.Path) {
			continue
		}
		k.Files[f.Path] = keptFile{f.Hash, f.Link}
		if hashOf(k.work, f) != f.Hash && f.Size <= maxBlob && !seen[f.Hash] {
			seen[f.Hash] = true
			other = append(other, f)
		}
	}
	return other
}

func (k *kept) fetch(ctx context.Context, remote Remote, f File) error {
	data, err := remote.Blob(ctx, f.Hash)
	if err != nil {
		return err
	}
	if got := gitHash(f.Hash, string(data)); got != f.Hash {
		return fmt.Errorf("the API gives content with hash %s in place of %s", shortHash(got), shortHash(f.Hash))
	}
	return k.dir.WriteFile(f.Hash, data, 0o600)
}

func (k *kept) write() error {
	text, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return k.dir.WriteFile(keptList, text, 0o600)
}

// openKept reads what Keep wrote.
func openKept(dir, work string) (*Base, error) {
	k := &kept{}
	var err error
	if k.dir, err = os.OpenRoot(dir); err != nil {
		return nil, fmt.Errorf("the base that was fetched: %w", err)
	}
	if k.work, err = os.OpenRoot(work); err != nil {
		return nil, errors.Join(err, k.dir.Close())
	}
	text, err := k.dir.ReadFile(keptList)
	if err == nil {
		err = json.Unmarshal(text, k)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the base that was fetched: %w", err), k.Close())
	}
	return &Base{Commit: k.Commit, Branch: k.Branch, Reason: k.Reason, kept: k}, nil
}

func (k *kept) tree() *Tree {
	t := newTree(k)
	for path, f := range k.Files {
		t.add(path, f.Hash, f.Link)
	}
	return t
}

// Rest implements blobs: no process reads.
func (k *kept) Rest() error { return nil }

// Close ends reading.
func (k *kept) Close() error { return errors.Join(k.dir.Close(), k.work.Close()) }

// read takes content by its hash: what was fetched, else what the working tree
// has under that name.
func (k *kept) read(n *node) (string, error) {
	data, err := k.dir.ReadFile(n.hash)
	content := string(data)
	if errors.Is(err, fs.ErrNotExist) {
		content, err = contentOf(k.work, n.path, n.link)
	}
	if err != nil {
		return "", err
	}
	if gitHash(n.hash, content) != n.hash {
		return "", errors.New("was changed since the base was fetched; change files before migvet runs")
	}
	return content, nil
}

// stream hands the content to use as it comes.
func (k *kept) stream(n *node, use func(io.Reader) error) error {
	if streamSame(k.dir, n.hash, n.hash, use) || streamSame(k.work, n.path, n.hash, use) {
		return nil
	}
	return errNoBlob
}

// hashOf is git's hash of what the working tree has in place of a file; "" when
// it has none, or its size tells already that it is another.
func hashOf(work *os.Root, f File) string {
	info, err := work.Lstat(f.Path)
	sameKind := err == nil && (info.Mode().IsRegular() && !f.Link || info.Mode()&fs.ModeSymlink != 0 && f.Link)
	if !sameKind || info.Size() != int64(f.Size) || f.Size > maxBlob {
		return ""
	}
	content, err := contentOf(work, f.Path, f.Link)
	if err != nil {
		return ""
	}
	return gitHash(f.Hash, content)
}

// contentOf returns a file's content as git sees it: for a symbolic link, its target.
//
// Whoever takes it compares its hash: git itself takes no file that collides with
// another one as far as anybody knows how to make them.
func contentOf(work *os.Root, path string, link bool) (string, error) {
	if link {
		return work.Readlink(path)
	}
	file, err := files.OpenRegular(work, path, maxBlob)
	if err != nil {
		return "", err
	}
	defer file.Close()
	data := make([]byte, file.Size)
	_, err = io.ReadFull(file, data)
	return string(data), err
}

// streamSame hands a regular file to use, and tells whether it had the content that a
// hash names: what use made of any other counts for nothing. Whoever wrote the branch
// chose what lies there, so that of a file of 1 TB in place of a small one nothing is read.
func streamSame(root *os.Root, name, want string, use func(io.Reader) error) bool {
	file, err := files.OpenRegular(root, name, maxBlob)
	if err != nil {
		return false
	}
	defer file.Close()
	h := newGitHash(want, file.Size)
	content := io.TeeReader(file, h)
	if err := use(content); err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, content)
	return err == nil && hex.EncodeToString(h.Sum(nil)) == want
}

// gitHash is the hash of content as git counts it, with the function that like was
// made with.
func gitHash(like, content string) string {
	h := newGitHash(like, int64(len(content)))
	h.Write([]byte(content))
	return hex.EncodeToString(h.Sum(nil))
}

// newGitHash begins the hash of so many bytes.
func newGitHash(like string, size int64) hash.Hash {
	h := sha1.New()
	if len(like) == hex.EncodedLen(sha256.Size) {
		h = sha256.New()
	}
	fmt.Fprintf(h, "blob %d\x00", size)
	return h
}
