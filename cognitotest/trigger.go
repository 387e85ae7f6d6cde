package cognitotest

import (
	"errors"
	"fmt"

	"github.com/cognitotest/cognito/fake"
)

// trigger is a function that the pool calls.
type trigger struct {
	source  fake.TriggerSource
	handler fake.Trigger
}

// WithTrigger makes the pool call a function, the one that is given to lambda.Start, for a trigger:
//
//	cognitotest.WithTrigger(fake.PreSignUp, fake.TriggerFunc(handler))
//
// A real pool calls what its LambdaConfig names, in AWS: there this option is an error. What was called
// is in fake.Server.Invocations.
func WithTrigger(source fake.TriggerSource, handler fake.Trigger) Option {
	return optionFunc(func(c *config) { c.triggers = append(c.triggers, trigger{source, handler}) })
}

func (p *Provider) handleTriggers(triggers []trigger) error {
	if len(triggers) == 0 {
		return nil
	}
	s := p.fake()
	if s == nil {
		return errors.New("WithTrigger: a real pool cannot call functions of this process; set LambdaConfig in WithPool")
	}
	for _, t := range triggers {
		if err := s.HandleTrigger(p.PoolID, t.source, t.handler); err != nil {
			return fmt.Errorf("WithTrigger: %w", err)
		}
	}
	return nil
}
