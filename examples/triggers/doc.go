// Package triggers shows Lambda functions of a user pool, as they are deployed, and tests in which a
// pool calls them: at sign-up, before tokens are made, for users and for programs, for users of an older
// system, for those who come from an identity provider, and for sign-in by a link in an e-mail.
//
// Each function is a method of what it needs, so that a program for AWS Lambda is one line:
//
//	func main() { lambda.Start(triggers.AutoConfirm{Domains: []string{"example.com"}}.PreSignUp) }
package triggers
