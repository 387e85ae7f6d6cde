//go:build !integration

package backendtest

// reporting is whether runs tell what the contract does not know.
const reporting = false
