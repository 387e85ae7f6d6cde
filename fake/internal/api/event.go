package api

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// AdminListUserAuthEvents lists the history of a user, the newest event first. A page token is the id of an
// event and its date (CLI reference); one of another form is refused.
func (a *API) AdminListUserAuthEvents(ctx context.Context, in *cip.AdminListUserAuthEventsInput, _ ...options) (*cip.AdminListUserAuthEventsOutput, error) {
	after, _, isToken := strings.Cut(aws.ToString(in.NextToken), "#")
	if in.NextToken != nil && !isToken {
		return nil, pool.PageTokenInvalid()
	}
	out := &cip.AdminListUserAuthEventsOutput{AuthEvents: []types.AuthEventType{}}
	err := a.withHistory(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		events, more := page(u.EventsLocked(after, c.now), pageLimit(in.MaxResults))
		for _, e := range events {
			out.AuthEvents = append(out.AuthEvents, eventOut(e))
		}
		if more {
			last := events[len(events)-1]
			out.NextToken = aws.String(last.ID + "#" + last.Created.UTC().Format(time.RFC3339Nano))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// AdminUpdateAuthEventFeedback keeps what an administrator thinks of an event.
func (a *API) AdminUpdateAuthEventFeedback(ctx context.Context, in *cip.AdminUpdateAuthEventFeedbackInput, _ ...options) (*cip.AdminUpdateAuthEventFeedbackOutput, error) {
	return done[cip.AdminUpdateAuthEventFeedbackOutput](a.withHistory(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		return c.judge(u, in.EventId, in.FeedbackValue, "Admin")
	}))
}

// UpdateAuthEventFeedback keeps what a user thinks of an event, whom a notification gave the token for it.
func (a *API) UpdateAuthEventFeedback(ctx context.Context, in *cip.UpdateAuthEventFeedbackInput, _ ...options) (*cip.UpdateAuthEventFeedbackOutput, error) {
	return done[cip.UpdateAuthEventFeedbackOutput](a.withHistory(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		if aws.ToString(in.FeedbackToken) != c.pool.FeedbackToken(u, aws.ToString(in.EventId)) {
			return pool.FeedbackTokenInvalid()
		}
		return c.judge(u, in.EventId, in.FeedbackValue, "User")
	}))
}

// withHistory is withUser in a pool that keeps the history of its users.
func (a *API) withHistory(ctx context.Context, poolID, username *string, do func(*call, *pool.User) error) error {
	return a.withUser(ctx, poolID, username, func(c *call, u *pool.User) error {
		if err := c.pool.CheckKeepsHistory(); err != nil {
			return err
		}
		return do(c, u)
	})
}

// judge replaces the feedback on an event. The names of who gives it are inferred.
func (c *call) judge(u *pool.User, eventID *string, value types.FeedbackValueType, provider string) error {
	e := u.EventLocked(aws.ToString(eventID))
	if e == nil {
		return pool.EventNotFound()
	}
	e.Feedback = &types.EventFeedbackType{FeedbackValue: value, Provider: &provider, FeedbackDate: &c.now}
	return nil
}

// eventOut tells of an event. No sign-in is found risky, and where its IP address is stays unknown.
func eventOut(e pool.Event) types.AuthEventType {
	return types.AuthEventType{
		EventId: &e.ID, EventType: e.Type, EventResponse: e.Response, CreationDate: &e.Created,
		EventRisk:          &types.EventRiskType{RiskDecision: types.RiskDecisionTypeNoRisk},
		ChallengeResponses: e.Challenges,
		EventContextData:   &types.EventContextDataType{IpAddress: &e.IP},
		EventFeedback:      e.Feedback,
	}
}
