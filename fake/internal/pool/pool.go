package pool

import (
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/tidwall/btree"
)

// Pool is one user pool. The exported fields above the lock never change.
type Pool struct {
	ID     string
	Region string
	ARN    string

	sync.Mutex // guards everything below, users and clients included
	contents
}

// contents is all of a pool that changes, and that a copy of the pool has of its own: see [Pool.Copy].
type contents struct {
	// Settings are what DescribeUserPool answers, without SchemaAttributes and the count. They are
	// replaced as a whole and never changed, so that who has them needs no lock to read them.
	Settings *types.UserPoolType
	Schema   *Schema
	MFA      MFAConfig

	clients           btree.Map[string, *Client]
	groups            btree.Map[string, *Group]
	resourceServers   btree.Map[string, ResourceServer]
	identityProviders btree.Map[string, *types.IdentityProviderType] // never changed, but replaced
	domains           []Domain                                       // never changed, but replaced
	users             userIndex
	accounts          btree.Map[string, string] // usernames by [Account.key], of all identities of users
	usedSessions      expiring[time.Time]       // spent sign-in sessions by id, with the time when they expire
	custom            expiring[*Custom]         // custom challenges that wait for an answer, by the id of the session
	authorizations    expiring[Authorization]   // that wait to be fetched, by their codes
	browsers          expiring[Browser]         // by the value of their cookie
	departures        expiring[Departure]       // to identity providers, by the id in their state
}

// Name says how a new pool is called: its id and where it stands.
type Name struct {
	ID     string
	Region string
	ARN    string
}

// New returns a pool without users. It keeps settings, which must not be changed afterwards.
func New(name Name, settings *types.UserPoolType, schema *Schema) *Pool {
	return &Pool{
		ID: name.ID, Region: name.Region, ARN: name.ARN,
		contents: contents{Settings: settings, Schema: schema, users: newUserIndex()},
	}
}

// CheckDeletableLocked refuses to let a pool go that has deletion protection or a domain.
func (p *Pool) CheckDeletableLocked() error {
	switch {
	case p.Settings.DeletionProtection == types.DeletionProtectionTypeActive:
		return InvalidParameter(poolProtected)
	case p.Settings.Domain != nil, p.Settings.CustomDomain != nil:
		return InvalidParameter(poolHasDomain)
	}
	return nil
}

// SpendSessionLocked marks a sign-in session as used. It is remembered until it expires; after that
// it is refused for its age.
func (p *Pool) SpendSessionLocked(id string, expires, now time.Time) {
	p.usedSessions.set(id, expires, now.After)
}

// SessionSpentLocked reports whether a sign-in session was used.
func (p *Pool) SessionSpentLocked(id string) bool {
	_, used := p.usedSessions.entries[id]
	return used
}

// caseSensitive reports whether names that differ in case are different users. A pool that was
// made without UsernameConfiguration is case-sensitive (API reference).
func (p *Pool) caseSensitive() bool {
	c := p.Settings.UsernameConfiguration
	return c == nil || c.CaseSensitive == nil || *c.CaseSensitive
}
