package config

import (
	"fmt"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"
)

// A Runner is how the application runs its migrations when it starts: under
// an advisory lock, so that one instance does it.
type Runner struct {
	Lock    int64 // of pg_advisory_lock
	Wait    bool  // it waits for the lock; it tries it otherwise
	OnBusy  OnBusy
	Timeout time.Duration // after which it gives the migrations up
}

// OnBusy is what an instance does that tried the lock and did not get it.
type OnBusy string

const (
	Skip OnBusy = "skip" // it starts without migrating
	Fail OnBusy = "fail"
	Wait OnBusy = "wait"
)

const runnerTimeout = 30 * time.Second

// String writes it as the file does.
func (r *Runner) String() string {
	mode := "try"
	if r.Wait {
		mode = "wait"
	}
	return fmt.Sprintf("{lock: %d, mode: %s, on-busy: %s, timeout: %s}", r.Lock, mode, r.OnBusy, r.Timeout)
}

func (p *parser) runner(n *yaml.Node) {
	r := &Runner{OnBusy: Skip, Timeout: runnerTimeout}
	p.mapping(n, "runner", p.runnerFields(r))
	if n.Kind == yaml.MappingNode && !hasKey(n, "lock") {
		p.at(n, "lock is missing; write the number that the application gives to pg_advisory_lock")
	}
	if r.Wait && hasKey(n, "on-busy") {
		p.at(n, "on-busy is about mode: try; with mode: wait a second runner waits for the lock, so leave on-busy out")
	}
	p.config.Runner = r
}

func (p *parser) runnerFields(r *Runner) []field {
	return []field{
		{"lock", func(n *yaml.Node) { r.Lock = p.lock(n) }},
		{"mode", func(n *yaml.Node) {
			word, _ := p.choice(n, "mode", []string{"try", "wait"})
			r.Wait = word == "wait"
		}},
		{"on-busy", func(n *yaml.Node) {
			if word, ok := p.choice(n, "on-busy", []string{string(Skip), string(Fail), string(Wait)}); ok {
				r.OnBusy = OnBusy(word)
			}
		}},
		{"timeout", func(n *yaml.Node) { r.Timeout = p.duration(n, r.Timeout) }},
	}
}

func (p *parser) lock(n *yaml.Node) int64 {
	text, ok := p.text(n, "lock")
	if !ok {
		return 0
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		p.at(n, "lock is the number that the application gives to pg_advisory_lock, not %s", quoteExcerpt(text))
	}
	return number
}

func (p *parser) duration(n *yaml.Node, otherwise time.Duration) time.Duration {
	text, ok := p.text(n, "timeout")
	if !ok {
		return otherwise
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		p.at(n, "timeout is a time such as 30s, not %s", quoteExcerpt(text))
		return otherwise
	}
	return d
}
