// Package pool holds the state of a fake server: user pools, users, groups and app clients, their
// indexes and the rules that keep them consistent. It knows no HTTP and no JSON.
//
// # Settings and behaviour
//
// Settings (of pools and app clients) are kept as the SDK's own types and copied deeply on the way
// in and out ([Clone]). What has behaviour (users, groups, codes, grants, devices) is plain
// structs.
//
// # Locks
//
// A [Store] has one lock for its maps of pools and clients; each [Pool] has one for everything in
// it. Methods named …Locked need the pool's lock held, for writing unless they say reading is
// enough. No user code, signature or key generation ever runs under a lock.
//
// # Users
//
// A pool keeps its users in ordered indexes, one for each attribute that ListUsers can search, so
// that a lookup, an equality filter and a page cost the same at a thousand users and at a million.
package pool
