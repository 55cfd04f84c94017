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
	conf           string // the directory of sqitch.conf; "." for none
	named          string // the plan that sqitch.conf means, below its own directory
	broken         string // why sqitch.conf cannot be read; "" when it can
}

const sqitchPlanFile = "sqitch.plan"

// sqitchPlaces reads the nearest sqitch.conf. A plan that it does not know of has
// its scripts beside it, unless it lies beside the file that means another one, as a
// copy does that a top_dir has left behind.
func (d *directory) sqitchPlaces() sqitchPlaces {
	conf, file := nearestFile(d, parseSqitchConf, "sqitch.conf")
	from := path.Dir(file)
	if conf.broken != "" {
		return sqitchPlaces{conf: from, broken: conf.broken}
	}
	at := func(key, otherwise string) string { return path.Join(from, conf.get(key, otherwise)) }
	top := conf.get("top_dir", ".")
	p := sqitchPlaces{
		conf: from, named: path.Clean(conf.get("plan_file", top+"/"+sqitchPlanFile)),
		plan: at("plan_file", top+"/"+sqitchPlanFile), deploy: at("deploy_dir", top+"/deploy"), revert: at("revert_dir", top+"/revert"),
		extension: conf.get("extension", "sql"), registry: conf.get("registry", "sqitch"), engine: conf.values["core.engine"],
		verifies: slices.Contains([]string{"true", "yes", "on", "1"}, strings.ToLower(conf.values["deploy.verify"])),
	}
	if p.plan != path.Join(d.dir, sqitchPlanFile) && d.has(sqitchPlanFile) && (from != d.dir || !d.has(p.named)) {
		p.plan, p.deploy, p.revert = path.Join(d.dir, sqitchPlanFile), path.Join(d.dir, "deploy"), path.Join(d.dir, "revert")
		conf = sqitchConf{}
	}
	p.reworkedDeploy, p.reworkedRevert = p.deploy, p.revert
	if reworked := conf.get("reworked_dir", ""); reworked != "" {
		p.reworkedDeploy, p.reworkedRevert = path.Join(from, reworked, "deploy"), path.Join(from, reworked, "revert")
	}
	p.reworkedDeploy = cmp.Or(atIf(from, conf.get("reworked_deploy_dir", "")), p.reworkedDeploy)
	p.reworkedRevert = cmp.Or(atIf(from, conf.get("reworked_revert_dir", "")), p.reworkedRevert)
	return p.relative(from)
}

// sqitchConf is what sqitch.conf sets, by the names of git-config.
type sqitchConf struct {
	values map[string]string
	broken string // why that cannot be known; "" when it can
}

// sqitchKeys are the keys of sqitch.conf that decide what is deployed.
var sqitchKeys = []string{
	"top_dir", "plan_file", "deploy_dir", "revert_dir", "reworked_dir", "reworked_deploy_dir", "reworked_revert_dir", "extension", "registry", "engine",
}

// parseSqitchConf refuses a file if one of the values that count cannot be known.
func parseSqitchConf(text string) (sqitchConf, error) {
	conf := sqitchConf{values: map[string]string{}}
	config, err := parseGitConfig(text)
	if err != nil {
		conf.broken = err.Error()
		return conf, err
	}
	keys := []string{"deploy.verify"}
	for _, key := range sqitchKeys {
		keys = append(keys, "core."+key, "engine.pg."+key)
	}
	for _, key := range keys {
		if conf.values[key], err = config.get(key); err != nil {
			conf.broken = err.Error()
			return conf, err
		}
	}
	return conf, nil
}

// get returns a setting of the engine, else of all engines.
func (c sqitchConf) get(key, otherwise string) string {
	return cmp.Or(c.values["engine.pg."+key], c.values["core."+key], otherwise)
}

func atIf(dir, name string) string {
	if name == "" {
		return ""
	}
	return path.Join(dir, name)
}

// relative makes all paths relative to one folder: the plan's, such as db with
// db/sqitch.plan and db/deploy, or sqitch.conf's where scripts are elsewhere.
func (p sqitchPlaces) relative(conf string) sqitchPlaces {
	all := []*string{&p.plan, &p.deploy, &p.revert, &p.reworkedDeploy, &p.reworkedRevert}
	p.home = path.Dir(p.plan)
	for _, place := range all {
		if !fs.ValidPath(*place) {
			return sqitchPlaces{conf: conf} // it leads out of the repository
		}
		if !pathBelow(*place, p.home) {
			p.home = conf
		}
	}
	for _, place := range all {
		if !pathBelow(*place, p.home) {
			return sqitchPlaces{conf: conf}
		}
		*place = strings.TrimPrefix(strings.TrimPrefix(*place, p.home), "/")
	}
	return p
}

// pathBelow tells whether a path is below a directory.
func pathBelow(name, dir string) bool { return dir == "." || strings.HasPrefix(name, dir+"/") }
