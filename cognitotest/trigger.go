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
// A real pool calls what its LambdaConfig names, in AWS: there [New] skips the test, and [Start] fails. What
// was called is in fake.Server.Invocations.
func WithTrigger(source fake.TriggerSource, handler fake.Trigger) Option {
	return optionFunc(func(c *config) { c.triggers = append(c.triggers, trigger{source, handler}) })
}

// WithFunction makes a function answer for an ARN that the LambdaConfig of a pool names, such as that of
// [WithPool] or of a pool that the code under test makes:
//
//	cognitotest.WithPool(cip.CreateUserPoolInput{LambdaConfig: &types.LambdaConfigType{PreSignUp: &arn}}),
//	cognitotest.WithFunction(arn, fake.TriggerFunc(handler))
//
// It answers from the first call on. A real pool calls the ARN's own function, in AWS: there [New] skips the
// test, and [Start] fails.
func WithFunction(arn string, handler fake.Trigger) Option {
	return optionFunc(func(c *config) { c.functions = append(c.functions, function{arn, handler}) })
}

// function is what answers for an ARN.
type function struct {
	arn     string
	handler fake.Trigger
}

// bindFunctions comes before the pool: nothing may be called before it is bound.
func (p *Provider) bindFunctions(c *config) error {
	s := p.fake()
	switch {
	case s == nil && len(c.triggers) > 0:
		return unfit{errors.New("WithTrigger: a real pool cannot call functions of this process; deploy the function, and name its ARN in the LambdaConfig of WithPool")}
	case s == nil && len(c.functions) > 0:
		return unfit{errors.New("WithFunction: a real pool cannot call functions of this process; deploy the function, and leave this option out")}
	}
	for _, f := range c.functions {
		s.BindFunction(f.arn, f.handler)
	}
	return nil
}

// handleTriggers gives the pool its functions.
func (p *Provider) handleTriggers(triggers []trigger) error {
	for _, t := range triggers {
		if err := p.fake().HandleTrigger(p.PoolID, t.source, t.handler); err != nil {
			return fmt.Errorf("WithTrigger: %w", err)
		}
	}
	return nil
}
