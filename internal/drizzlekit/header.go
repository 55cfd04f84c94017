// Package drizzlekit reads the snapshots in which drizzle-kit keeps what the schema
// file said after each migration: versions 5 to 7 of drizzle-kit 0.x, 8 and 9
// of 1.0.
package drizzlekit

import (
	"encoding/json"
	"errors"
	"io"
)

// rootID stands where a snapshot has no predecessor.
const rootID = "00000000-0000-0000-0000-000000000000"

// A Header is how a snapshot is linked to others.
type Header struct {
	ID      string
	Parents []string // IDs of the snapshots it was made from; none for the first
	Version string   // of the format: "7"
}

var (
	errNoObject = errors.New("it is no JSON object")
	errNoHeader = errors.New(`it has no "id", "version" and "prevId"`)
)

// ReadHeader reads a snapshot as far as it takes; drizzle-kit writes what is
// wanted in front.
func ReadHeader(r io.Reader) (Header, error) {
	var h Header
	d := json.NewDecoder(r)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return h, errors.Join(errNoObject, err)
	}
	linked := false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return h, err
		}
		switch key {
		case "id":
			err = d.Decode(&h.ID)
		case "version":
			err = d.Decode(&h.Version)
		case "prevId":
			h.Parents, linked = make([]string, 1), true
			err = d.Decode(&h.Parents[0])
		case "prevIds":
			linked = true
			err = d.Decode(&h.Parents)
		default:
			err = d.Decode(new(json.RawMessage))
		}
		if err != nil {
			return h, err
		}
		if h.ID != "" && h.Version != "" && linked {
			return h.withoutRoot(), nil
		}
	}
	return h, errNoHeader
}

func (h Header) withoutRoot() Header {
	var parents []string
	for _, p := range h.Parents {
		if p != rootID {
			parents = append(parents, p)
		}
	}
	h.Parents = parents
	return h
}
