package authz

import "slices"

// Case is a rule with the tokens that try it.
type Case struct {
	Name string // such as expired
	Rule string // what a verifier must do
	Cost string // what an attacker gains, or users lose, where it does not

	needs func(*World) bool // nil: the case is for all
	use   string            // that the case is for; "": all that are wanted
	make  func(*kit)
	ages  bool // whether its tokens are good for the moment alone
	calm  bool // whether the verifier must not fetch what the tokens name
}

// fits reports whether a case makes sense for what a verifier wants.
func (c Case) fits(w *World) bool {
	return (c.use == "" || w.Accepts(c.use)) && (c.needs == nil || c.needs(w))
}

// acceptCases are tokens as the pool issues them.
func acceptCases() []Case { return slices.Concat(acceptKeys(), acceptClaims(), acceptPeople()) }

// refuseCases are the tokens that no verifier may accept.
func refuseCases() []Case {
	return slices.Concat(
		lifetimeCases(), issuerCases(), clientCases(), useCases(),
		algorithmCases(), secretCases(), keyIDCases(), embeddedCases(),
		signatureCases(), shapeCases(), payloadCases(), foreignCases(), policyCases(), onlineCases(),
	)
}
