package pool

import (
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Migration is a user who comes from another directory.
type Migration struct {
	Username    string
	Sub         string
	Attributes  map[string]string
	Password    string // as it was typed; "" where it was forgotten
	Confirmed   bool   // otherwise the password has to be reset
	MoveAliases bool
	SMSMFA      bool
	Now         time.Time
}

// MigrateLocked adds a user from another directory. The password need not fit the policy. Somebody who has
// the name already, since another sign-in was faster, stays as he is (inferred).
func (p *Pool) MigrateLocked(m Migration) error {
	if _, err := p.UserLocked(m.Username); err == nil {
		return nil
	}
	var attributes []Attribute
	for _, name := range slices.Sorted(maps.Keys(m.Attributes)) {
		if name != "username" && name != "sub" {
			attributes = append(attributes, Attribute{name, m.Attributes[name]})
		}
	}
	u, err := p.NewUserLocked(m.Username, m.Sub, attributes, m.Now)
	if err != nil {
		return err
	}
	if err := p.CheckFreeLocked(u, m.MoveAliases); err != nil {
		return err
	}
	u.Status, u.Password = types.UserStatusTypeResetRequired, m.Password
	if m.Confirmed {
		u.Status = types.UserStatusTypeConfirmed
	}
	if m.SMSMFA {
		u.EnableFactor(FactorSMS, true)
	}
	p.TakeAliasesLocked(u, m.Now)
	p.AddUserLocked(u)
	return nil
}
