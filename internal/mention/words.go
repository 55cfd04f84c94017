package mention

import (
	"strings"
	"unicode/utf8"
)

// minWord is the length below which a name alone is more often something else.
const minWord = 4

// isCommon tells whether a word stands in most code bases for many things besides the
// table or column: alone it tells nothing about it.
func isCommon(word string) bool {
	return utf8.RuneCountInString(word) < minWord || everyday[strings.ToLower(word)]
}

var everyday = set(`
	account accounts action actions active address amount answer author avatar body category channel city client code color comment comments company content count country created currency data date
	default deleted description device document duration email enabled end error event events file files first format group groups hash height icon image images index info item items
	json key kind label language last left length level link links list locale location log message messages meta metadata method
	mode model name next node note notes number object options order orders owner page params parent password path
	payload permission phone plan position post posts price priority product products profile project projects provider public question rank reason record ref report reports result right role roles root rows schema scope score secret session sessions setting settings size
	slug sort source start state status string subject summary table tag tags target task tasks team teams template test text time timezone title token topic
	total type types unit update updated url user username users uuid value values version view visible weight width`)

// keywords stand between names in code.
var keywords = set(`
	as async await and assert begin break case catch class const continue def default defer delete do elif else end enum except export extends false finally fn for
	from func function go if impl import in instanceof interface is lambda let match mod module mut new nil none not null of or pass private protected pub public
	raise readonly ref return select self static struct switch then this throw throws true try type typeof unless until use val var void when where while with yield
	string int integer bool boolean text number float double varchar bigint uuid json jsonb timestamp timestamptz date
	String Int Boolean Float DateTime Json Decimal BigInt Bytes`)

func set(text string) map[string]bool {
	found := map[string]bool{}
	for _, word := range strings.Fields(text) {
		found[word] = true
	}
	return found
}
