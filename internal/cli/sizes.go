package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

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
	name, content, err := p.openStats()
	switch {
	case err != nil:
		return fmt.Errorf("the sizes of tables: %w", err)
	case name == "" && limited:
		return errors.New("small-table says which tables are small, but nothing says how large they are: name a file with stats: or --stats; migvet stats prints the query that makes it")
	case name == "":
		return nil
	}
	defer content.Close()
	file, err := sizes.Read(name, content)
	if err != nil {
		return err
	}
	p.sizes = &lint.Sizes{Of: file.Of, Small: p.config.SmallTable}
	return nil
}

func (p *project) openStats() (name string, content io.ReadCloser, err error) {
	switch {
	case p.flags.Stats != "":
		content, err = os.Open(join(p.env.Dir, p.flags.Stats))
		return p.flags.Stats, content, err
	case p.config.Stats != "":
		content, err = p.trusted().Open(p.config.Stats)
		return p.config.Stats, content, err
	}
	return "", nil, nil
}
