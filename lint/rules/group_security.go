package rules

import "github.com/migvet/migvet/lint"

// security lists the rules about who may read and change what.
func security() []*lint.Rule {
	return []*lint.Rule{
		securityDefinerSearchPath, securityDefinerPublic, viewBypassesRowSecurity, grantToPublic, passwordInSQL, superuserGranted,
		asksForTrial, rowSecurityMissing, rowSecurityWithoutPolicy, rowSecurityDisabled,
	}
}
