package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/sizes"
	"github.com/migvet/migvet/lint"
)

type statsCmd struct{}

func (*statsCmd) Run(env Env) error {
	_, err := fmt.Fprintln(env.Stdout, strings.TrimSpace(sizes.Query))
	return err
}

// loadSizes reads the file that --stats or the configuration names.
func (p *project) loadSizes() error {
	limited := p.config.SmallTable.Rows >= 0 || p.config.SmallTable.Bytes >= 0
	name, data, err := p.readStats()
	switch {
	case err != nil:
		return fmt.Errorf("the sizes of tables: %w", err)
	case name == "" && limited:
		return errors.New("small-table says which tables are small, but nothing says how large they are: name a file with stats: or --stats; migvet stats prints the query that makes it")
	case name == "":
		return nil
	}
	file, err := sizes.Read(name, data)
	if err != nil {
		return err
	}
	p.sizes = &lint.Sizes{Of: file.Of, Small: p.config.SmallTable}
	return nil
}

func (p *project) readStats() (name string, data []byte, err error) {
	switch {
	case p.flags.Stats != "":
		data, err = p.env.named(p.root).Read(resolvePath(p.env.Dir, p.flags.Stats), sizes.MaxSize)
		return p.flags.Stats, data, err
	case p.config.Stats != "":
		data, err = files.Read(p.trusted(), p.config.Stats, sizes.MaxSize)
		return p.config.Stats, data, err
	}
	return "", nil, nil
}
