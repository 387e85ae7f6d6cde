// Package interop drives other people's clients, unmodified, against the fake: AWS SDKs of other
// generations and other languages, and the AWS CLI. It is a module of its own, so that no client
// becomes a dependency of the library.
//
// A client that the machine does not have skips its tests. .ci/run installs them all.
package interop
