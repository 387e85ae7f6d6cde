package backendtest

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// tagsOf answers the tags of a resource.
func tagsOf(t *testing.T, c *cip.Client, resource *string) map[string]string {
	t.Helper()
	out, err := c.ListTagsForResource(ctx, &cip.ListTagsForResourceInput{ResourceArn: resource})
	need(t, err)
	return out.Tags
}

var tags = []Behaviour{
	{"a pool without tags lists an empty set", func(t *testing.T, start Start) {
		c := start(t).Client()
		made, err := createPool(t, c, cip.CreateUserPoolInput{})
		need(t, err)
		wantSame(t, "tags", tagsOf(t, c, made.Arn), map[string]string{})
	}},
	{"tags are added, replaced and removed by key, and shown by the pool", func(t *testing.T, start Start) {
		c := start(t).Client()
		made, err := createPool(t, c, cip.CreateUserPoolInput{UserPoolTags: map[string]string{"a": "1", "b": "2"}})
		need(t, err)
		arn := made.Arn
		_, err = c.TagResource(ctx, &cip.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"b": "3", "c": ""}})
		need(t, err)
		wantSame(t, "tags", tagsOf(t, c, arn), map[string]string{"a": "1", "b": "3", "c": ""})
		_, err = c.UntagResource(ctx, &cip.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a", "none"}})
		need(t, err)
		wantSame(t, "tags", tagsOf(t, c, arn), map[string]string{"b": "3", "c": ""})
		got, err := c.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: made.Id})
		need(t, err)
		wantSame(t, "tags of the pool", got.UserPool.UserPoolTags, map[string]string{"b": "3", "c": ""})
	}},
	{"an ARN that names no pool is not found", func(t *testing.T, start Start) {
		p := start(t)
		real := aws.ToString(describePool(t, p).Arn)
		for why, arn := range map[string]string{
			"an unknown pool":           strings.Replace(real, p.PoolID, p.Region+"_nosuchpoo", 1),
			"a pool of another account": strings.Replace(real, accountOf(t, p), otherAccount, 1),
		} {
			part(t, why, func(t *testing.T) {
				_, err := p.Client().TagResource(ctx, &cip.TagResourceInput{ResourceArn: &arn, Tags: map[string]string{"a": "1"}})
				wantCode(t, err, "ResourceNotFoundException")
				_, err = p.Client().UntagResource(ctx, &cip.UntagResourceInput{ResourceArn: &arn, TagKeys: []string{"a"}})
				wantCode(t, err, "ResourceNotFoundException")
				_, err = p.Client().ListTagsForResource(ctx, &cip.ListTagsForResourceInput{ResourceArn: &arn})
				wantCode(t, err, "ResourceNotFoundException")
			})
		}
	}},
	{"tag keys have 1 to 128 characters and values 256 at most", func(t *testing.T, start Start) {
		p := start(t)
		arn := describePool(t, p).Arn
		for why, tags := range map[string]map[string]string{
			"an empty key":     {"": "1"},
			"a key too long":   {strings.Repeat("k", 129): "1"},
			"a value too long": {"a": strings.Repeat("v", 257)},
		} {
			part(t, why, func(t *testing.T) {
				_, err := p.Client().TagResource(ctx, &cip.TagResourceInput{ResourceArn: arn, Tags: tags})
				wantCode(t, err, invalid)
			})
		}
		most := map[string]string{strings.Repeat("k", 128): strings.Repeat("v", 256)}
		_, err := p.Client().TagResource(ctx, &cip.TagResourceInput{ResourceArn: arn, Tags: most})
		need(t, err)
	}},
}
