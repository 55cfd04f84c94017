package lint

import (
	"fmt"
	"slices"
	"strings"
)

// A share is what a finding has in common with others of its rule, so that all of them
// are told as one: a pull request with eight new tables that belong to others has one
// notice about their cascades.
type share struct {
	lead    string // what comes before the others: "the same goes for"
	subject string // what this one is about: "order_items of orders"
}

// TellTogether has a finding told as one with those of its rule that have the same lead
// and severity: the first of them stays, and says what the others are about. "; the same
// goes for order_items of orders, hooks of teams and 3 more".
func (p *Pass) TellTogether(f *Finding, lead, subject string) { f.share = share{lead, subject} }

// Together is [Pass.TellTogether] for what no rule of the walk finds.
func (f Finding) Together(lead, subject string) Finding {
	f.share = share{lead, subject}
	return f
}

// maxSubjects is how many of the others are named.
const maxSubjects = 3

// tellTogether joins findings that share something; those that somebody accepted stay as
// they are. The findings are in their final order.
func tellTogether(findings []Finding) []Finding {
	type key struct {
		rule, lead string
		severity   Severity
	}
	first := map[key]int{}
	others := map[int][]string{}
	kept := findings[:0]
	for _, f := range findings {
		k := key{f.Rule, f.share.lead, f.Severity}
		if f.share.lead == "" || f.Accepted != "" {
			kept = append(kept, f)
			continue
		}
		if i, known := first[k]; known {
			others[i] = append(others[i], f.share.subject)
			continue
		}
		first[k] = len(kept)
		kept = append(kept, f)
	}
	for i, subjects := range others {
		kept[i].Message += "; " + kept[i].share.lead + " " + nameSome(subjects)
	}
	return kept
}

// nameSome lists the first of some names, each once.
func nameSome(names []string) string {
	var distinct []string
	for _, name := range names {
		if !slices.Contains(distinct, name) {
			distinct = append(distinct, name)
		}
	}
	last := ""
	switch n := len(distinct); {
	case n > maxSubjects:
		distinct, last = distinct[:maxSubjects], fmt.Sprintf("%d more", n-maxSubjects)
	case n > 1:
		distinct, last = distinct[:n-1], distinct[n-1]
	default:
		return distinct[0]
	}
	return strings.Join(distinct, ", ") + " and " + last
}
