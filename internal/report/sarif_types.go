package report

import (
	"cmp"
	"strings"

	"github.com/migvet/migvet/lint"
)

// These types are the part of SARIF that migvet writes. The libraries there are
// write fields nobody asked for, or bring a validator into the program.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	InformationURI string      `json:"informationUri"`
	Version        string      `json:"version,omitempty"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string     `json:"id"`
	ShortDescription sarifText  `json:"shortDescription"`
	FullDescription  sarifText  `json:"fullDescription"`
	Help             sarifHelp  `json:"help"`
	HelpURI          string     `json:"helpUri,omitempty"`
	Default          sarifLevel `json:"defaultConfiguration"`
	Properties       sarifTags  `json:"properties"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifHelp struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown"`
}

type sarifLevel struct {
	Level string `json:"level"`
}

type sarifTags struct {
	Tags            []string `json:"tags,omitempty"`
	Precision       string   `json:"precision"`
	ProblemSeverity string   `json:"problem.severity"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Related      []sarifLocation   `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Fixes        []sarifFix        `json:"fixes,omitempty"`
}

type sarifFix struct {
	Description sarifText             `json:"description"`
	Changes     []sarifArtifactChange `json:"artifactChanges"`
}

type sarifArtifactChange struct {
	Artifact     sarifArtifact      `json:"artifactLocation"`
	Replacements []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	Deleted  sarifRegion `json:"deletedRegion"`
	Inserted sarifText   `json:"insertedContent"`
}

type sarifLocation struct {
	Physical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	} `json:"physicalLocation"`
}

type sarifArtifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId"`
}

// A sarifRegion counts from 1; the end is exclusive.
type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
}

// maxDescription is in characters, as GitHub limits descriptions of rules.
const maxDescription = 1024

// newSarifRule describes a rule by its documentation; one that this version
// does not document gets its name.
func newSarifRule(f lint.Finding, rule *lint.Rule, page string) sarifRule {
	if rule == nil {
		rule = &lint.Rule{ID: f.Rule}
	}
	title, why := cmp.Or(rule.Title, f.Rule), cmp.Or(rule.Why, f.Rule)
	first, _, _ := strings.Cut(why, "\n\n")
	help := strings.TrimSpace(why + "\n\n" + rule.Fix)
	s := sarifRule{
		ID:               f.Rule,
		ShortDescription: sarifText{shortenRunes(title, maxDescription)},
		FullDescription:  sarifText{shortenRunes(first, maxDescription)},
		Help:             sarifHelp{help, help},
		HelpURI:          page,
		Default:          sarifLevel{sarifLevels[max(rule.Severity, lint.Notice)]},
		Properties:       sarifTags{Precision: "high", ProblemSeverity: problemSeverities[max(rule.Severity, lint.Notice)]},
	}
	if rule.Group != "" {
		s.Properties.Tags = []string{strings.ToLower(string(rule.Group))}
	}
	return s
}

var problemSeverities = map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Notice: "recommendation"}
