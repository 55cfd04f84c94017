package rules

import "github.com/migvet/migvet/lint"

// style lists conventions, off unless asked for; a name that is cut is none.
func style() []*lint.Rule {
	return []*lint.Rule{
		preferIdentity, preferText, charType, preferTimestamptz, preferJSONB, moneyType, preferBigintKey,
		primaryKeyMissing, nameNeedsQuotes, nameTooLong, preferIfExists,
		enumValueUnplaced, extensionUnpinned, preferFullPrecision, preferOneAlter, preferUUID,
	}
}
