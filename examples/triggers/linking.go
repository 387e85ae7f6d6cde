package triggers

import (
	"context"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// InboundFederation is the event of somebody who comes back from an identity provider, of which
// aws-lambda-go has no type.
type InboundFederation struct {
	events.CognitoEventUserPoolsHeader
	Request struct {
		ProviderName string `json:"providerName"`
		ProviderType string `json:"providerType"`
		Attributes   struct {
			TokenResponse map[string]string `json:"tokenResponse,omitempty"`
			IDToken       map[string]string `json:"idToken,omitempty"`
			UserInfo      map[string]string `json:"userInfo,omitempty"`
		} `json:"attributes"`
	} `json:"request"`
	Response struct {
		UserAttributesToMap map[string]string `json:"userAttributesToMap"`
	} `json:"response"`
}

// claim returns what the provider tells of the account, or "".
func (e InboundFederation) claim(name string) string {
	if value := e.Request.Attributes.UserInfo[name]; value != "" {
		return value
	}
	return e.Request.Attributes.IDToken[name]
}

// Directory is what LinkAccounts needs of a pool's client.
type Directory interface {
	ListUsers(context.Context, *cip.ListUsersInput, ...func(*cip.Options)) (*cip.ListUsersOutput, error)
	AdminLinkProviderForUser(context.Context, *cip.AdminLinkProviderForUserInput, ...func(*cip.Options)) (*cip.AdminLinkProviderForUserOutput, error)
}

// LinkAccounts makes whoever comes from an identity provider the user who has signed up with the same
// address, if both have shown that it is theirs. Else somebody could take over a user by an account with
// the user's address.
type LinkAccounts struct {
	Users Directory
}

// InboundFederation links an account before the pool looks whose it is. The attributes stay as the
// provider tells them.
func (l LinkAccounts) InboundFederation(ctx context.Context, e InboundFederation) (InboundFederation, error) {
	email, subject := e.claim("email"), e.claim("sub")
	if email == "" || e.claim("email_verified") != "true" {
		return e, nil
	}
	owner, err := l.owner(ctx, e.UserPoolID, email)
	if err != nil || owner == nil || strings.Contains(value(owner, "identities"), `"`+subject+`"`) {
		return e, err
	}
	_, err = l.Users.AdminLinkProviderForUser(ctx, &cip.AdminLinkProviderForUserInput{
		UserPoolId:      &e.UserPoolID,
		DestinationUser: &types.ProviderUserIdentifierType{ProviderName: aws.String("Cognito"), ProviderAttributeValue: owner.Username},
		SourceUser: &types.ProviderUserIdentifierType{
			ProviderName: &e.Request.ProviderName, ProviderAttributeName: aws.String("Cognito_Subject"), ProviderAttributeValue: &subject,
		},
	})
	return e, err
}

// owner returns the user with a password who has shown to have an address, or nil.
func (l LinkAccounts) owner(ctx context.Context, poolID, email string) (*types.UserType, error) {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(email)
	out, err := l.Users.ListUsers(ctx, &cip.ListUsersInput{UserPoolId: &poolID, Filter: aws.String(`email = "` + quoted + `"`)})
	if err != nil {
		return nil, err
	}
	for _, u := range out.Users {
		if u.UserStatus == types.UserStatusTypeConfirmed && value(&u, "email_verified") == "true" {
			return &u, nil
		}
	}
	return nil, nil
}

// value returns an attribute of a user, or "".
func value(u *types.UserType, name string) string {
	for _, a := range u.Attributes {
		if *a.Name == name {
			return aws.ToString(a.Value)
		}
	}
	return ""
}
