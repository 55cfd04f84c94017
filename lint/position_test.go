package lint_test

import (
	"testing"

	"github.com/migvet/migvet/lint"
)

func TestPosition(t *testing.T) {
	tests := []struct {
		name, source string
		offset       int
		want         lint.Position
		text         string // of that line
	}{
		{"empty", "", 0, lint.Position{Line: 1, Column: 1}, ""},
		{"start", "abc", 0, lint.Position{Line: 1, Column: 1}, "abc"},
		{"end", "abc", 3, lint.Position{Line: 1, Column: 4}, "abc"},
		{"beyond the end", "abc", 99, lint.Position{Line: 1, Column: 4}, "abc"},
		{"no position", "abc", lint.NoPos, lint.Position{Line: 1, Column: 1}, "abc"},
		{"line end belongs to its line", "ab\ncd", 2, lint.Position{Line: 1, Column: 3}, "ab"},
		{"second line", "ab\ncd", 3, lint.Position{Line: 2, Column: 1}, "cd"},
		{"behind the last line end", "ab\n", 3, lint.Position{Line: 2, Column: 1}, ""},
		{"CRLF", "ab\r\ncd\r\n", 4, lint.Position{Line: 2, Column: 1}, "cd"},
		{"CR of CRLF", "ab\r\ncd", 2, lint.Position{Line: 1, Column: 3}, "ab"},
		{"tabs are one column", "\t\tx", 2, lint.Position{Line: 1, Column: 3}, "\t\tx"},
		{"two bytes, one character", "éx", 2, lint.Position{Line: 1, Column: 2}, "éx"},
		{"four bytes, one character", "a😀x", 5, lint.Position{Line: 1, Column: 3}, "a😀x"},
		{"combining characters count", "e\u0301x", 3, lint.Position{Line: 1, Column: 3}, "e\u0301x"},
		{"byte order mark is no column", bom + "x", 3, lint.Position{Line: 1, Column: 1}, "x"},
		{"at the byte order mark", bom + "x", 0, lint.Position{Line: 1, Column: 1}, "x"},
		{"line behind a byte order mark", bom + "x\ny", 5, lint.Position{Line: 2, Column: 1}, "y"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lines := lint.NewLines(tt.source)
			got := lines.Position(tt.offset)
			if got != tt.want {
				t.Errorf("Position(%d) = %v, want %v", tt.offset, got, tt.want)
			}
			if text := lines.Text(got.Line); text != tt.text {
				t.Errorf("Text(%d) = %q, want %q", got.Line, text, tt.text)
			}
		})
	}
}

func TestTextOutsideTheFile(t *testing.T) {
	lines := lint.NewLines("a\nb")
	for _, n := range []int{-1, 0, 3} {
		if text := lines.Text(n); text != "" {
			t.Errorf("Text(%d) = %q", n, text)
		}
	}
}

// The server counts characters from 1; callers subtract that.
func TestCharacterOffset(t *testing.T) {
	tests := []struct {
		text       string
		characters int
		want       int
	}{
		{"abc", 0, 0}, {"abc", 2, 2}, {"abc", 3, 3}, {"abc", 9, 3}, {"abc", -1, 0},
		{"é😀x", 1, 2}, {"é😀x", 2, 6}, {"é😀x", 3, 7}, {"", 0, 0}, {"\xff\xffx", 2, 2},
	}
	for _, tt := range tests {
		if got := lint.CharacterOffset(tt.text, tt.characters); got != tt.want {
			t.Errorf("CharacterOffset(%q, %d) = %d, want %d", tt.text, tt.characters, got, tt.want)
		}
	}
}
