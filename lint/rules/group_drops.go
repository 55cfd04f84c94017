package rules

import "github.com/migvet/migvet/lint"

func drops() []*lint.Rule {
	return []*lint.Rule{
		tableDropped, columnDropped, schemaDropped, viewDropped, typeDropped, functionDropped, sequenceDropped,
		constraintDropped, notNullDropped, defaultDropped, triggerDropped, policyDropped,
		extensionDropped, publicationDropped, roleDropped, tableTruncated, dropCascades, dropMissed,
		indexOfConstraintDropped, objectDropped, ruleDropped, serverDropped,
	}
}
