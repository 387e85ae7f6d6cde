package trigger

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// The sources of user migration.
const (
	MigrationAuthentication Source = "UserMigration_Authentication"
	MigrationForgotPassword Source = "UserMigration_ForgotPassword"
)

// MigrationRequest is the request of user migration.
type MigrationRequest struct {
	Password       *string           `json:"password"` // null where it was forgotten
	ValidationData map[string]string `json:"validationData"`
	UserAttributes map[string]string `json:"userAttributes"` // always null
	ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
}

// MigrationResponse is the user whom another directory has.
type MigrationResponse struct {
	UserAttributes map[string]string `json:"userAttributes"`
	MoveAliases    *bool             `json:"forceAliasCreation"`
	EnableSMSMFA   *bool             `json:"enableSMSMFA"`
	Status         *string           `json:"finalUserStatus"`
	MessageAction  *string           `json:"messageAction"`
	Mediums        []string          `json:"desiredDeliveryMediums"`
}

// MigrationLocked returns the event that asks another directory for a user whom the pool does not know,
// or nil where the pool calls nobody. The pool's lock must be held.
func (c Call) MigrationLocked(source Source, username string, r MigrationRequest) (*Event, *MigrationResponse) {
	out := &MigrationResponse{}
	return c.event(UserMigration, source, username, func() any { return r }, out), out
}

// Migration returns the user that the answer tells of, with the password that was given, or "". Without a
// final status the password has to be reset first. No welcome message is sent, whatever MessageAction and
// Mediums are.
func (r *MigrationResponse) Migration(username, password string) (pool.Migration, error) {
	if r.UserAttributes == nil {
		return pool.Migration{}, Unusable()
	}
	return pool.Migration{
		Username: username, Attributes: r.UserAttributes, Password: password,
		Confirmed: aws.ToString(r.Status) == "CONFIRMED", MoveAliases: aws.ToBool(r.MoveAliases), SMSMFA: aws.ToBool(r.EnableSMSMFA),
	}, nil
}
