package cli

import "testing"

func TestWrap(t *testing.T) {
	text := "eins zwei drei vier\n\n* für Übergrößen viel zu lang\n```sql\nSELECT a, b, c FROM somewhere;\n```\nunbreakable-as-it-is ok"
	want := "eins zwei\ndrei vier\n\n* für\n  Übergrößen\n  viel zu\n  lang\n```sql\nSELECT a, b, c FROM somewhere;\n```\nunbreakable-as-it-is\nok"
	if got := wrapMarkdown(text, 12); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
