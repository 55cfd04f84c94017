package cli

import (
	"fmt"
	"maps"
	"slices"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/source"
)

// readStandIns reads the SQL that stands in for migrations of a folder.
func (p *project) readStandIns(m config.Folder) (map[string]source.StandIn, error) {
	if len(m.StandIn) == 0 {
		return nil, nil
	}
	all := map[string]source.StandIn{}
	for version, file := range m.StandIn {
		text, _, err := p.readTrusted("stand-in", file, maxBefore)
		if err != nil {
			return nil, err
		}
		all[version] = source.StandIn{File: file, Text: text}
	}
	return all, nil
}

// checkStandIns sees to it that each stand-in has its migration on one of the
// branches, and notes which there are.
func (p *project) checkStandIns(base, head []*source.Folder) error {
	p.standIns = map[string]string{}
	for _, h := range head {
		folders := []*source.Folder{h}
		for _, b := range base {
			if b.Dir == h.Dir {
				folders = append(folders, b)
			}
		}
		if err := source.CheckStandIns(folders...); err != nil {
			return usageError(err)
		}
		stoodIn := h.StoodIn()
		maps.Copy(p.standIns, stoodIn)
		p.mute = slices.AppendSeq(p.mute, maps.Keys(stoodIn))
		for _, file := range slices.Sorted(maps.Keys(stoodIn)) {
			p.notes = append(p.notes, fmt.Sprintf("%s is not SQL and was not run; %s stood in for it, as .migvet.yml says", stoodIn[file], file))
		}
	}
	return nil
}
