// Package interop drives other people's clients, unmodified, against the fake: AWS SDKs of other
// generations and other languages, and the AWS CLI. It is a module of its own, so that no client
// becomes a dependency of the library.
//
// Each test makes a pool and runs a program of node, python, java or kotlin, which its environment
// leads to the pool; converse tells how a program asks for the codes that the pool delivers. A
// client that the machine does not have skips its tests. .ci/run installs and builds them all, and
// fails where one was skipped.
//
// A headless Chromium uses the inspector of fakecognito, and the login pages of a pool, as somebody does who has a
// keyboard alone; browser_test.go is its hands and eyes.
//
// A validator of other people's holds fixtures and exports against the published JSON Schema.
//
// The folder verifiers judges other people's verifiers of tokens, and its README has the results.
//
// It also goes the other way: functions in other languages are triggers of a pool of fakecognito.
package interop
