package changes

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Versions returns the texts that a file had on the first parents of the base,
// the oldest first, at most the last max of them. complete is false where the
// clone does not have them all.
func (b *Base) Versions(ctx context.Context, path string, max int) (texts []string, complete bool, err error) {
	if b.repository == nil || b.repository.shallow(ctx) {
		return nil, false, nil
	}
	log, err := b.repository.git(ctx, "log", "--first-parent", "--reverse", "--format=%H", "-n", strconv.Itoa(max), b.Commit, "--", ":(top,literal)"+path)
	if err != nil {
		return nil, false, fmt.Errorf("versions of %s: %w", path, err)
	}
	commits := strings.Fields(string(log))
	texts, err = b.textsIn(ctx, commits, path)
	if err != nil {
		return nil, false, fmt.Errorf("versions of %s: %w", path, err)
	}
	return texts, len(commits) < max, nil
}

// textsIn returns the texts of a file in the commits that have it.
func (b *Base) textsIn(ctx context.Context, commits []string, path string) (texts []string, err error) {
	if len(commits) == 0 {
		return nil, nil
	}
	cmd := b.repository.command(ctx, "cat-file", "--batch")
	cmd.Stdin = strings.NewReader(strings.Join(commits, ":"+path+"\n") + ":" + path + "\n")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	answers := bufio.NewReaderSize(out, 64<<10)
	for range commits {
		text, there, err := readCatFileAnswer(answers)
		if err != nil {
			return nil, errors.Join(err, out.Close(), cmd.Wait())
		}
		if there {
			texts = append(texts, text)
		}
	}
	return texts, cmd.Wait()
}

// readCatFileAnswer reads one answer of git cat-file --batch. What a commit does not have
// is "… missing".
func readCatFileAnswer(r *bufio.Reader) (text string, there bool, err error) {
	header, err := r.ReadString('\n')
	if err != nil {
		return "", false, err
	}
	fields := strings.Fields(header)
	if len(fields) != 3 || fields[1] != "blob" {
		return "", false, nil
	}
	size, err := strconv.Atoi(fields[2])
	if err != nil {
		return "", false, err
	}
	var b strings.Builder
	b.Grow(size)
	if _, err := io.CopyN(&b, r, int64(size)); err != nil {
		return "", false, err
	}
	_, err = r.Discard(1) // the line end behind it
	return b.String(), true, err
}
