package main

import "regexp"

// hidden are the forms of what nobody should read in a report, and what stands in its place, the longer ones
// first.
var hidden = []rule{
	{regexp.MustCompile(`\beyJ[\w-]*(\.[\w-]*)*`), "‹token›"},
	{regexp.MustCompile(`[a-z]+://[^\s"'<>]+`), "‹url›"},
	{regexp.MustCompile(`(?:[A-Za-z]:)?[/\\](?:[^\s/\\"']+[/\\])+([\w.-]+\.go)`), "$1"},
	{regexp.MustCompile(`\barn:[^\s"',}\]]+`), "‹arn›"},
	{regexp.MustCompile(`[\w.+%-]+@[\w-][\w.-]*`), "‹email›"},
	{regexp.MustCompile(`\b[a-z]{2}(-[a-z]+)+-\d_[0-9A-Za-z]+`), "‹pool›"},
	{regexp.MustCompile(`\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b`), "‹uuid›"},
	{regexp.MustCompile(`\b(cognitotest-[0-9a-z]+-[0-9a-z]+|user)-[0-9a-f]+\b`), "‹name›"},
	{regexp.MustCompile(`\b\d{1,3}(\.\d{1,3}){3}\b`), "‹ip›"},
	{regexp.MustCompile(`\+\d{7,}`), "‹phone›"},
	{regexp.MustCompile(`\b\d{9,}\b`), "‹number›"},
	{regexp.MustCompile(`\bA[KS]IA[0-9A-Z]{12,}\b`), "‹key›"},
	{regexp.MustCompile(`\b[A-Z2-7]{32,}\b`), "‹secret›"},
	{regexp.MustCompile(`\b[0-9a-f]{12,}\b`), "‹secret›"},
	{regexp.MustCompile(`\b[0-9a-z]{26}\b`), "‹client›"},
	{regexp.MustCompile(`\b[0-9a-z]{24,}\b`), "‹secret›"},
}

// rule replaces what has a form.
type rule struct {
	form *regexp.Regexp
	by   string
}

var (
	longRun = regexp.MustCompile(`[A-Za-z0-9+/=_-]{20,}`)
	words   = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+|[0-9]+`)
)

// scrub returns a text without secrets, ids, addresses, account numbers and the names of folders.
func scrub(text string) string {
	for _, r := range hidden {
		text = r.form.ReplaceAllString(text, r.by)
	}
	return longRun.ReplaceAllStringFunc(text, func(run string) string {
		if isProse(run) {
			return run
		}
		return "‹secret›"
	})
}

// isProse tells names, such as InvalidParameterException and MFA_SETUP, from random letters and digits: words
// are longer.
func isProse(run string) bool {
	const average = 3.5
	found := words.FindAllString(run, -1)
	letters := 0
	for _, word := range found {
		letters += len(word)
	}
	return float64(letters) >= average*float64(len(found))
}
