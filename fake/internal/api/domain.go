package api

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// CreateUserPoolDomain gives a pool a domain, which is ready at once.
func (a *API) CreateUserPoolDomain(ctx context.Context, in *cip.CreateUserPoolDomainInput, _ ...options) (*cip.CreateUserPoolDomainOutput, error) {
	d := pool.Domain{
		Name: aws.ToString(in.Domain), CertificateARN: certificate(in.CustomDomainConfig),
		ManagedLoginVersion: cmp.Or(aws.ToInt32(in.ManagedLoginVersion), pool.ClassicLogin),
		Version:             a.store.Clock.Now().UTC().Format(pool.DomainVersion), Distribution: a.store.Random.Distribution(),
	}
	err := a.withPool(ctx, in.UserPoolId, func(p *pool.Pool) error { return a.addDomainLocked(p, d) })
	if err != nil {
		return nil, err
	}
	a.noticeDomain(d)
	return &cip.CreateUserPoolDomainOutput{CloudFrontDomain: cloudFront(d), ManagedLoginVersion: &d.ManagedLoginVersion}, nil
}

func certificate(c *types.CustomDomainConfigType) string {
	if c == nil {
		return ""
	}
	return aws.ToString(c.CertificateArn)
}

// cloudFront returns where the DNS records of an owner's own domain must point.
func cloudFront(d pool.Domain) *string {
	if !d.Custom() {
		return nil
	}
	return &d.Distribution
}

// addDomainLocked makes a domain known to its pool and to the store.
func (a *API) addDomainLocked(p *pool.Pool, d pool.Domain) error {
	if err := d.CheckLocked(p); err != nil {
		return err
	}
	host := d.Host(p.Region)
	if _, own := p.DomainLocked(d.Name); own {
		return p.AddDomainLocked(d) // which says that there is one
	}
	if err := a.store.BindDomain(host, p); err != nil {
		return err
	}
	if err := p.AddDomainLocked(d); err != nil {
		a.store.UnbindDomain(host)
		return err
	}
	return nil
}

// DescribeUserPoolDomain answers what is known of a domain, whosever pool in the region of the call has it:
// nothing for one that nobody has (inferred).
func (a *API) DescribeUserPoolDomain(ctx context.Context, in *cip.DescribeUserPoolDomainInput, _ ...options) (*cip.DescribeUserPoolDomainOutput, error) {
	name := aws.ToString(in.Domain)
	p, ok := a.store.PoolOfDomain(name)
	if !ok {
		p, ok = a.store.PoolOfDomain(pool.Domain{Name: name}.Host(cmp.Or(regionOf(ctx), a.region)))
	}
	out := &cip.DescribeUserPoolDomainOutput{DomainDescription: &types.DomainDescriptionType{}}
	if !ok {
		return out, nil
	}
	p.Lock()
	defer p.Unlock()
	if d, ok := p.DomainLocked(name); ok {
		out.DomainDescription = pool.Clone(a.domainOut(p, d))
	}
	return out, nil
}

// domainOut describes a domain. The name of the bucket, which was seen in one region, is inferred in others.
func (a *API) domainOut(p *pool.Pool, d pool.Domain) *types.DomainDescriptionType {
	out := &types.DomainDescriptionType{
		UserPoolId: &p.ID, AWSAccountId: &a.store.AccountID, Domain: &d.Name, Version: &d.Version, Status: types.DomainStatusTypeActive,
		S3Bucket: aws.String("aws-cognito-prod-" + p.Region + "-assets"), CloudFrontDistribution: &d.Distribution,
		ManagedLoginVersion: &d.ManagedLoginVersion,
	}
	if p.Region == "ap-northeast-1" {
		out.S3Bucket = aws.String("aws-cognito-prod-nrt-assets")
	}
	if d.Custom() {
		out.CustomDomainConfig = &types.CustomDomainConfigType{CertificateArn: &d.CertificateARN}
	}
	return out
}

// withDomain runs do on a domain of a pool under its lock.
func (a *API) withDomain(ctx context.Context, poolID, name *string, do func(*pool.Pool, pool.Domain) error) error {
	p, err := a.pool(ctx, poolID)
	if err != nil {
		return pool.DomainNotFound()
	}
	p.Lock()
	defer p.Unlock()
	d, ok := p.DomainLocked(aws.ToString(name))
	if !ok {
		return pool.DomainNotFound()
	}
	return do(p, d)
}

// UpdateUserPoolDomain changes the certificate and the version of the login pages; what is omitted stays
// (inferred). A domain does not change its kind.
func (a *API) UpdateUserPoolDomain(ctx context.Context, in *cip.UpdateUserPoolDomainInput, _ ...options) (*cip.UpdateUserPoolDomainOutput, error) {
	out := &cip.UpdateUserPoolDomainOutput{}
	var changed pool.Domain
	err := a.withDomain(ctx, in.UserPoolId, in.Domain, func(p *pool.Pool, d pool.Domain) error {
		if d.Custom() {
			d.CertificateARN = cmp.Or(certificate(in.CustomDomainConfig), d.CertificateARN)
		}
		d.ManagedLoginVersion = cmp.Or(aws.ToInt32(in.ManagedLoginVersion), d.ManagedLoginVersion)
		if err := d.CheckLocked(p); err != nil {
			return err
		}
		p.ReplaceDomainLocked(d)
		changed = d
		out.CloudFrontDomain, out.ManagedLoginVersion = cloudFront(d), &d.ManagedLoginVersion
		return nil
	})
	a.noticeDomain(changed)
	return answer(out, err)
}

// DeleteUserPoolDomain takes a domain from a pool. Anybody may have it from then on.
func (a *API) DeleteUserPoolDomain(ctx context.Context, in *cip.DeleteUserPoolDomainInput, _ ...options) (*cip.DeleteUserPoolDomainOutput, error) {
	err := a.withDomain(ctx, in.UserPoolId, in.Domain, func(p *pool.Pool, d pool.Domain) error {
		p.RemoveDomainLocked(d)
		a.store.UnbindDomain(d.Host(p.Region))
		return nil
	})
	return done[cip.DeleteUserPoolDomainOutput](err)
}
