package changes

import (
	"bufio"
	"bytes"
	"context"
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
	cmd := b.repository.command(ctx, "cat-file", "--batch")
	var ask strings.Builder
	for _, c := range commits {
		fmt.Fprintf(&ask, "%s:%s\n", c, path)
	}
	cmd.Stdin = strings.NewReader(ask.String())
	out, err := cmd.Output()
	if err != nil {
		return nil, false, fmt.Errorf("versions of %s: %w", path, err)
	}
	answers := bufio.NewReader(bytes.NewReader(out))
	for range commits {
		text, there, err := answer(answers)
		if err != nil {
			return nil, false, fmt.Errorf("versions of %s: %w", path, err)
		}
		if there {
			texts = append(texts, text)
		}
	}
	return texts, len(commits) < max, nil
}

// answer reads one answer of git cat-file --batch. What a commit does not have
// is "… missing".
func answer(r *bufio.Reader) (text string, there bool, err error) {
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
	data := make([]byte, size+1)
	if _, err := io.ReadFull(r, data); err != nil {
		return "", false, err
	}
	return string(data[:size]), true, nil
}
