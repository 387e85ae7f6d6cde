package api

import (
	"context"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// TagResource sets tags of a user pool.
func (a *API) TagResource(ctx context.Context, in *cip.TagResourceInput, _ ...options) (*cip.TagResourceOutput, error) {
	err := a.changeTags(ctx, in.ResourceArn, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
	if err != nil {
		return nil, err
	}
	return &cip.TagResourceOutput{}, nil
}

// UntagResource removes tags of a user pool.
func (a *API) UntagResource(ctx context.Context, in *cip.UntagResourceInput, _ ...options) (*cip.UntagResourceOutput, error) {
	err := a.changeTags(ctx, in.ResourceArn, func(tags map[string]string) {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
	})
	if err != nil {
		return nil, err
	}
	return &cip.UntagResourceOutput{}, nil
}

// ListTagsForResource answers the tags of a user pool.
func (a *API) ListTagsForResource(ctx context.Context, in *cip.ListTagsForResourceInput, _ ...options) (*cip.ListTagsForResourceOutput, error) {
	p, err := a.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	p.Lock()
	defer p.Unlock()
	return &cip.ListTagsForResourceOutput{Tags: maps.Clone(p.Settings.UserPoolTags)}, nil
}

// changeTags edits the tags of the user pool that an ARN names. Its LastModifiedDate stays
// (inferred).
func (a *API) changeTags(ctx context.Context, resource *string, edit func(map[string]string)) error {
	p, err := a.tagged(ctx, resource)
	if err != nil {
		return err
	}
	p.Lock()
	defer p.Unlock()
	settings := pool.Clone(p.Settings)
	edit(settings.UserPoolTags)
	p.Settings = settings
	return nil
}

// tagged finds the user pool that an ARN names. The text for an ARN that names none is inferred.
func (a *API) tagged(ctx context.Context, resource *string) (*pool.Pool, error) {
	name, _ := arn.Parse(aws.ToString(resource)) // what is no ARN names no pool
	id := strings.TrimPrefix(name.Resource, "userpool/")
	p, err := a.pool(ctx, &id)
	if err != nil {
		return nil, err
	}
	if p.ARN != *resource {
		return nil, pool.PoolNotFound(id)
	}
	return p, nil
}
