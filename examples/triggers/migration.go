package triggers

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
)

// LegacyUser is a user of the older system.
type LegacyUser struct {
	Email string // verified there
	Name  string
}

// Legacy is the older system.
type Legacy interface {
	// SignIn returns the user of a name whose password this is.
	SignIn(ctx context.Context, username, password string) (LegacyUser, error)
	// Find returns the user of a name.
	Find(ctx context.Context, username string) (LegacyUser, error)
}

// Migration moves users of an older system into the pool, one by one, as they sign in or have forgotten
// their password.
type Migration struct {
	Legacy Legacy
}

// UserMigration takes over whoever signs in with the password of the older system, which is also the
// password in the pool from then on. Whoever has forgotten it gets a code at the address there.
func (m Migration) UserMigration(ctx context.Context, e events.CognitoEventUserPoolsMigrateUser) (events.CognitoEventUserPoolsMigrateUser, error) {
	u, err := m.find(ctx, e)
	if err != nil {
		return e, err
	}
	e.UserAttributes = map[string]string{"email": u.Email, "email_verified": "true", "name": u.Name}
	e.FinalUserStatus = "RESET_REQUIRED"
	if e.TriggerSource == "UserMigration_Authentication" {
		e.FinalUserStatus = "CONFIRMED"
	}
	e.MessageAction = "SUPPRESS" // no welcome: they have been here for years
	return e, nil
}

func (m Migration) find(ctx context.Context, e events.CognitoEventUserPoolsMigrateUser) (LegacyUser, error) {
	switch e.TriggerSource {
	case "UserMigration_Authentication":
		return m.Legacy.SignIn(ctx, e.UserName, e.Password)
	case "UserMigration_ForgotPassword":
		return m.Legacy.Find(ctx, e.UserName)
	}
	return LegacyUser{}, fmt.Errorf("unexpected %s", e.TriggerSource)
}
