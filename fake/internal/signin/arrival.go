package signin

import (
	"context"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/fake/internal/constraint"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// What happens between the name of a user and the first proof: a user who is unknown may come from
// another directory, and the pre authentication trigger may refuse whoever comes.

// userMove goes on with a user: whoever has the name or, where the client hides that nobody has, somebody
// made up, who passes no proof.
type userMove func(step, *pool.User) (outcome, error)

// consult runs a function of the pool's owner without the lock, and goes on after it; without an event
// at once.
func (s step) consult(event *trigger.Event, then move) (outcome, error) {
	if event == nil {
		return then(s)
	}
	return outcome{aside: func(ctx context.Context) (move, error) {
		err := s.functions.Invoke(ctx, event)
		return func(next step) (outcome, error) {
			next.trail, next.source = s.trail, s.source
			return then(next)
		}, err
	}}, nil
}

// consultOn is consult for a user, who goes on as the function has left the user.
func (s step) consultOn(event *trigger.Event, u *pool.User, then userMove) (outcome, error) {
	return s.consult(event, func(s step) (outcome, error) {
		u, err := s.again(u)
		if err != nil {
			return outcome{}, err
		}
		return then(s, u)
	})
}

// again finds a user anew after the lock was released in between. Somebody made up stays as he is.
func (s step) again(u *pool.User) (*pool.User, error) {
	if isNobody(u) {
		return u, nil
	}
	if now := s.pool.UserOfSubLocked(u.Sub); now != nil {
		return now, nil
	}
	return nil, s.unknownUser()
}

// unknownUser is the answer to the name of nobody, which some clients want hidden.
func (s step) unknownUser() error {
	if pool.HidesUserExistence(s.client.Settings) {
		return pool.IncorrectCredentials()
	}
	return pool.UserNotFound()
}

// arrive goes on with the user whom an initiation names, once the pre authentication trigger has let the
// user in. That the trigger is asked before the state of the user is looked at is inferred.
func (s step) arrive(in Initiation, then userMove) (outcome, error) {
	name := in.Parameters["USERNAME"]
	if err := s.client.CheckSecretHash(name, in.Parameters["SECRET_HASH"], in.secretMismatch()); err != nil {
		return outcome{}, err
	}
	if u, err := s.pool.UserLocked(name); err == nil {
		return s.announce(in, u, then)
	}
	if in.Parameters["PASSWORD"] != "" && trigger.Has(s.pool, trigger.UserMigration) && s.possible(name) {
		return s.migrate(in, then)
	}
	if !pool.HidesUserExistence(s.client.Settings) {
		return outcome{}, pool.UserNotFound()
	}
	return s.announce(in, s.pool.PretendUser(name), then)
}

// possible reports whether somebody can have a name. Another directory is not asked for names that nobody can
// have here (inferred).
func (s step) possible(name string) bool {
	return constraint.Check("AdminGetUser", &cip.AdminGetUserInput{UserPoolId: &s.pool.ID, Username: &name}) == nil
}

// announce asks the pre authentication trigger.
func (s step) announce(in Initiation, u *pool.User, then userMove) (outcome, error) {
	return s.consultOn(s.by.PreAuthenticationLocked(u, in.Metadata), u, then)
}

// migrate asks another directory for an unknown user who gave a password, and goes on with the user that
// it has.
func (s step) migrate(in Initiation, then userMove) (outcome, error) {
	name, password := in.Parameters["USERNAME"], in.Parameters["PASSWORD"]
	event, answer := s.by.MigrationLocked(trigger.MigrationAuthentication, name, trigger.MigrationRequest{
		Password: &password, ValidationData: in.Metadata,
	})
	return s.consult(event, func(s step) (outcome, error) {
		m, err := answer.Migration(name, password)
		if err != nil {
			return outcome{}, err
		}
		m.Sub, m.Now = s.store.Random.Sub(), s.now
		if err := s.pool.MigrateLocked(m); err != nil {
			return outcome{}, err
		}
		return s.arrive(in, then)
	})
}

// isNobody reports whether a user is made up.
func isNobody(u *pool.User) bool { return u.Sub == "" }
