package rows

import (
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/quote"
)

const (
	maxSamples = 2 * defaultRows // strings made of a pattern
	sampleSize = 2000            // bytes of one
)

// valuesMatching lists values that match a regular expression as PostgreSQL writes it, as far as it means the same in Go:
// strings as short as possible first, then longer ones for constraints that also ask for a length.
func valuesMatching(pattern string) []value {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	var values []value
	for _, more := range []int{1, 4, 11} {
		var texts []quote.SQL
		for seed := 0; seed < 3*maxSamples && len(texts) < maxSamples; seed++ {
			s := sampler{seed: seed, more: more}
			s.walk(re)
			if text := quote.Text(s.out.String()); !s.failed && !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
		if len(texts) > 0 {
			values = append(values, cycleThrough(texts))
		}
	}
	return values
}

// A sampler writes one string that matches, different for every seed where the pattern leaves a choice.
type sampler struct {
	out    strings.Builder
	seed   int
	more   int // repetitions where any number will do
	failed bool
}

// pick chooses one of n and consumes that part of the seed.
func (s *sampler) pick(n int) int {
	chosen := s.seed % n
	s.seed /= n
	return chosen
}

func (s *sampler) walk(re *syntax.Regexp) {
	if s.out.Len() > sampleSize {
		s.failed = true
		return
	}
	switch re.Op {
	case syntax.OpNoMatch:
		s.failed = true
	case syntax.OpLiteral:
		s.out.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		s.char(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		s.out.WriteByte('a' + byte(s.pick(26)))
	case syntax.OpCapture:
		s.walk(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			s.walk(sub)
		}
	case syntax.OpAlternate:
		s.walk(re.Sub[s.pick(len(re.Sub))])
	case syntax.OpStar, syntax.OpPlus:
		s.repeat(re.Sub[0], s.more)
	case syntax.OpRepeat:
		most := re.Max
		if most < 0 {
			most = re.Min + s.more
		}
		s.repeat(re.Sub[0], max(re.Min, min(most, s.more)))
	}
}

func (s *sampler) repeat(re *syntax.Regexp, times int) {
	for range times {
		s.walk(re)
	}
}

// preferredRunes characters come first: most classes allow letters, and they are the least surprising.
var preferredRunes = [][2]rune{{'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}

// char writes one character of a class given as ranges, a printable ASCII one if there is any.
func (s *sampler) char(ranges []rune) {
	count := 0
	eachPreferredRune(ranges, func(rune) bool { count++; return true })
	switch {
	case count > 0:
		at := s.pick(count)
		eachPreferredRune(ranges, func(r rune) bool {
			if at == 0 {
				s.out.WriteRune(r)
			}
			at--
			return at >= 0
		})
	case len(ranges) > 0:
		s.out.WriteRune(ranges[0])
	default:
		s.failed = true
	}
}

// eachPreferredRune calls f for the printable ASCII characters in ranges until f returns false.
func eachPreferredRune(ranges []rune, f func(rune) bool) {
	for _, p := range preferredRunes {
		for i := 0; i+1 < len(ranges); i += 2 {
			for r := max(ranges[i], p[0]); r <= min(ranges[i+1], p[1]); r++ {
				if !f(r) {
					return
				}
			}
		}
	}
}
