package oauth

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
)

// ways returns the links of the login page to who cannot sign in yet, as far as the pool lets users do it
// themselves.
func (r *Request) ways() []link {
	r.pool.Lock()
	defer r.pool.Unlock()
	var links []link
	if r.pool.SelfRecovery() {
		links = append(links, link{r.url("/forgotPassword", r.query), "Forgot your password?"})
	}
	if !r.pool.Settings.AdminCreateUserConfig.AllowAdminCreateUserOnly {
		links = append(links, link{r.url("/signup", r.query), "Sign up"})
	}
	return links
}

// showSignUp answers the page on which users sign up.
func (r *Request) showSignUp() Answer {
	if _, refused := r.visitor(); refused != nil {
		return *refused
	}
	return r.signUpPage(nil)
}

// signUpPage is the page of a sign-up, after an attempt that failed with why. Pools whose users administrators
// create have none (inferred).
func (r *Request) signUpPage(failed error) Answer {
	r.pool.Lock()
	closed, required := r.pool.Settings.AdminCreateUserConfig.AllowAdminCreateUserOnly, r.pool.Schema.Required()
	name, attribute := newName(r.pool)
	r.pool.Unlock()
	if closed {
		return r.errorPage(invalidRequest(messageOf(pool.SignUpNotPermitted())))
	}
	p := page{Title: "Sign up with a new account", Form: "signupform", Fields: []field{name}, Submit: submit{"signUpButton", "Sign up"}}
	for _, needed := range required {
		if needed != attribute {
			p.Fields = append(p.Fields, attributeField(needed))
		}
	}
	p.Fields = append(p.Fields, field{Name: "password", ID: "password", Label: "Password", Type: "password", Autocomplete: "new-password"})
	for i, f := range p.Fields {
		if f.Type != "password" {
			p.Fields[i].Value = r.form.Get(f.Name)
		}
	}
	p.Links = []link{{r.url("/login", r.query), "Already have an account? Sign in"}}
	return r.showAgain(p, failed)
}

// newName is the field for the name of a new user, and the attribute that the name is: in a pool whose users sign in
// by address or number, that.
func newName(p *pool.Pool) (f field, attribute string) {
	f = nameField("")
	switch names := p.Settings.UsernameAttributes; {
	case len(names) == 1:
		attribute = string(names[0])
		contact := attributeField(attribute)
		f.Label, f.Type = contact.Label, contact.Type
	case len(names) > 1:
		f.Label = "Email or phone number"
	}
	return f, attribute
}

// attributeInput is the name of the field for an attribute.
func attributeInput(attribute string) string { return "requiredAttributes[" + attribute + "]" }

// attributeField is the field for an attribute, such as given_name.
func attributeField(attribute string) field {
	label := strings.ReplaceAll(attribute, "_", " ")
	f := field{Name: attributeInput(attribute), ID: attribute, Label: strings.ToUpper(label[:1]) + label[1:], Type: "text", Autocomplete: "on"}
	switch attribute {
	case "email":
		f.Type = "email"
	case "phone_number":
		f.Type = "tel"
	case "birthdate":
		f.Type = "date"
	}
	return f
}

// signUp makes a user. Who needs no confirmation is signed in at once (inferred).
func (r *Request) signUp() Answer {
	a, refused := r.visitor()
	if refused != nil {
		return *refused
	}
	login := signin.Login{Username: r.Username(), Password: r.form.Get("password")}
	out, err := operate(r, "SignUp", &cip.SignUpInput{
		ClientId: &a.client.ID, Username: &login.Username, Password: &login.Password, UserAttributes: r.attributes(),
		SecretHash: secretHash(a.client, login.Username),
	}, r.api.SignUp)
	switch {
	case err != nil:
		return r.signUpPage(err)
	case out.UserConfirmed:
		return r.enter(a, login)
	}
	return r.toConfirmation(login, out.CodeDeliveryDetails)
}

// attributes returns the attributes in a form.
func (r *Request) attributes() []types.AttributeType {
	var attributes []types.AttributeType
	for _, input := range slices.Sorted(maps.Keys(r.form)) {
		name, ok := strings.CutPrefix(input, "requiredAttributes[")
		if ok && strings.HasSuffix(name, "]") {
			attributes = append(attributes, types.AttributeType{Name: aws.String(strings.TrimSuffix(name, "]")), Value: aws.String(r.form.Get(input))})
		}
	}
	return attributes
}

// enter signs in who is confirmed by now, or lets the user try at the login page.
func (r *Request) enter(a *authorization, l signin.Login) Answer {
	result, err := r.signIn(a, l)
	if err != nil {
		answer := r.toLogin()
		answer.Err = err
		return answer
	}
	return r.proceed(a, l.Username, result)
}
