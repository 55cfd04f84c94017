package source

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// sqitchPlaces are where a project of Sqitch keeps what, relative to its folder.
// https://sqitch.org/docs/manual/sqitch-config/
type sqitchPlaces struct {
	plan           string
	deploy, revert string // directories
	reworkedDeploy string // of scripts that were reworked
	reworkedRevert string
	extension      string // of scripts: "sql"
	registry       string // the schema of its tables
	engine         string // as sqitch.conf has it; "" when it does not say
	verifies       bool   // deploys run the scripts that verify
	home           string // the folder; "" when it would not be in the repository
}

const sqitchPlanFile = "sqitch.plan"

// sqitchPlaces reads the nearest sqitch.conf. A plan that it does not know of has
// its scripts beside it.
func (d *directory) sqitchPlaces() sqitchPlaces {
	conf, from := "", "."
	d.climb(func(up *directory) bool {
		conf, from = up.beginning("sqitch.conf"), up.dir
		if conf != "" {
			d.told = path.Join(from, "sqitch.conf")
		}
		return conf != ""
	})
	core, pg := section(conf, "core"), section(conf, `engine "pg"`)
	get := func(key, otherwise string) string { return cmp.Or(unquoted(pg[key]), unquoted(core[key]), otherwise) }
	at := func(key, otherwise string) string { return path.Join(from, get(key, otherwise)) }
	top := get("top_dir", ".")
	p := sqitchPlaces{
		plan: at("plan_file", top+"/"+sqitchPlanFile), deploy: at("deploy_dir", top+"/deploy"), revert: at("revert_dir", top+"/revert"),
		extension: get("extension", "sql"), registry: get("registry", "sqitch"), engine: section(conf, "core")["engine"],
		verifies: slices.Contains([]string{"true", "yes", "on", "1"}, strings.ToLower(unquoted(section(conf, "deploy")["verify"]))),
	}
	if p.plan != path.Join(d.dir, sqitchPlanFile) && d.has(sqitchPlanFile) {
		p.plan, p.deploy, p.revert = path.Join(d.dir, sqitchPlanFile), path.Join(d.dir, "deploy"), path.Join(d.dir, "revert")
		core, pg = nil, nil
	}
	p.reworkedDeploy, p.reworkedRevert = p.deploy, p.revert
	if reworked := get("reworked_dir", ""); reworked != "" {
		p.reworkedDeploy, p.reworkedRevert = path.Join(from, reworked, "deploy"), path.Join(from, reworked, "revert")
	}
	p.reworkedDeploy, p.reworkedRevert = cmp.Or(atIf(from, get("reworked_deploy_dir", "")), p.reworkedDeploy), cmp.Or(atIf(from, get("reworked_revert_dir", "")), p.reworkedRevert)
	return p.relative(from)
}

func atIf(dir, name string) string {
	if name == "" {
		return ""
	}
	return path.Join(dir, name)
}

// relative makes the folder the home of all: that of the plan, or that of
// sqitch.conf where scripts are elsewhere.
func (p sqitchPlaces) relative(conf string) sqitchPlaces {
	all := []*string{&p.plan, &p.deploy, &p.revert, &p.reworkedDeploy, &p.reworkedRevert}
	p.home = path.Dir(p.plan)
	for _, place := range all {
		if !fs.ValidPath(*place) {
			return sqitchPlaces{} // it leads out of the repository
		}
		if !within(*place, p.home) {
			p.home = conf
		}
	}
	for _, place := range all {
		if !within(*place, p.home) {
			return sqitchPlaces{}
		}
		*place = strings.TrimPrefix(strings.TrimPrefix(*place, p.home), "/")
	}
	return p
}

// within tells whether a path is below a directory.
func within(name, dir string) bool { return dir == "." || strings.HasPrefix(name, dir+"/") }
