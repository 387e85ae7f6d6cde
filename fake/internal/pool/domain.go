package pool

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Domain is a domain of a pool, at which its OAuth 2.0 endpoints and its login pages are. It is replaced as a
// whole, and never changed.
type Domain struct {
	Name                string
	CertificateARN      string // "" for a prefix of the service's own domain
	ManagedLoginVersion int32  // 1, the classic hosted UI, or 2
	Version             string // of its configuration: see [DomainVersion]
	Distribution        string // the name that CloudFront has for it
}

// DomainVersion is how the version of a domain is made of a time, for [time.Time.Format].
const DomainVersion = "20060102150405"

// Custom reports whether the domain is the owner's own.
func (d Domain) Custom() bool { return d.CertificateARN != "" }

// Host returns the host name of the domain.
func (d Domain) Host(region string) string {
	if d.Custom() {
		return d.Name
	}
	return d.Name + ".auth." + region + ".amazoncognito.com"
}

// The versions of login pages.
const (
	ClassicLogin = 1
	ManagedLogin = 2
)

// CheckLocked refuses a domain that no pool, or not this one, may have. The order of the rules is inferred.
func (d Domain) CheckLocked(p *Pool) error {
	if d.ManagedLoginVersion != ClassicLogin && d.ManagedLoginVersion != ManagedLogin {
		return InvalidParameter(invalidLoginVersion)
	}
	if d.ManagedLoginVersion == ManagedLogin && p.Settings.UserPoolTier == types.UserPoolTierTypeLite {
		return tierWithoutManagedLogin(p.Settings.UserPoolTier)
	}
	if d.Custom() {
		return d.checkCustom()
	}
	return d.checkPrefix()
}

func (d Domain) checkCustom() error {
	if !strings.Contains(d.Name, ".") || slices.ContainsFunc(strings.Split(d.Name, "."), func(label string) bool { return !isLabel(label) }) {
		return InvalidParameter(notSubdomain)
	}
	if certificate, ok := parseARN(&d.CertificateARN); !ok || certificate.Region != "us-east-1" || certificate.Service != "acm" {
		return InvalidParameter(unusableCertificate)
	}
	return nil
}

func (d Domain) checkPrefix() error {
	if !isLabel(d.Name) {
		return InvalidParameter(invalidDomain)
	}
	if strings.Contains(d.Name, "cognito") { // also within a word (seen in a public report)
		return reservedDomain("cognito")
	}
	for word := range strings.SplitSeq(d.Name, "-") {
		if slices.Contains([]string{"aws", "amazon"}, word) {
			return reservedDomain(word)
		}
	}
	return nil
}

func isLabel(s string) bool {
	return regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`).MatchString(s)
}

// DomainLocked returns the domain of a name, and whether the pool has it.
func (p *Pool) DomainLocked(name string) (Domain, bool) {
	i := slices.IndexFunc(p.domains, func(d Domain) bool { return d.Name == name })
	if i < 0 {
		return Domain{}, false
	}
	return p.domains[i], true
}

// DomainsLocked returns the domains of the pool: at most one of its own and one prefix, that one last. The
// caller must not change them.
func (p *Pool) DomainsLocked() []Domain { return p.domains }

// AddDomainLocked adds a domain, or refuses a second of its kind.
func (p *Pool) AddDomainLocked(d Domain) error {
	if slices.ContainsFunc(p.domains, func(other Domain) bool { return other.Custom() == d.Custom() }) {
		return InvalidParameter(domainTwice)
	}
	p.setDomainsLocked(append(slices.Clone(p.domains), d))
	return nil
}

// ReplaceDomainLocked makes a domain what one of the same name was.
func (p *Pool) ReplaceDomainLocked(d Domain) {
	domains := slices.Clone(p.domains)
	for i := range domains {
		if domains[i].Name == d.Name {
			domains[i] = d
		}
	}
	p.setDomainsLocked(domains)
}

// RemoveDomainLocked takes a domain from the pool.
func (p *Pool) RemoveDomainLocked(d Domain) {
	p.setDomainsLocked(slices.DeleteFunc(slices.Clone(p.domains), func(other Domain) bool { return other.Name == d.Name }))
}

// setDomainsLocked sets the domains, which the pool's settings show too.
func (p *Pool) setDomainsLocked(domains []Domain) {
	slices.SortFunc(domains, func(a, b Domain) int { return boolOrder(b.Custom()) - boolOrder(a.Custom()) })
	settings := Clone(p.Settings)
	settings.Domain, settings.CustomDomain = nil, nil
	for _, d := range domains {
		if d.Custom() {
			settings.CustomDomain = aws.String(d.Name)
		} else {
			settings.Domain = aws.String(d.Name)
		}
	}
	p.domains, p.Settings = domains, settings
}

func boolOrder(b bool) int {
	if b {
		return 1
	}
	return 0
}
