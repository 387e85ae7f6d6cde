package interop

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp/kb"
)

// inspected is a running fakecognito with a pool in which ann has signed up.
type inspected struct {
	home             string
	client           *cip.Client
	poolID, clientID string
}

func inspect(t *testing.T, args ...string) inspected {
	t.Helper()
	exports := fakecognito(t, args...)
	s := inspected{
		home: exports["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"], poolID: exports["COGNITO_USER_POOL_ID"], clientID: exports["COGNITO_CLIENT_ID"],
	}
	s.client = cip.New(cip.Options{
		Region: exports["AWS_REGION"], BaseEndpoint: &s.home, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(s.credentials),
	})
	_, err := s.client.UpdateUserPool(t.Context(), &cip.UpdateUserPoolInput{UserPoolId: &s.poolID, AutoVerifiedAttributes: []types.VerifiedAttributeType{"email"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.client.CreateGroup(t.Context(), &cip.CreateGroupInput{UserPoolId: &s.poolID, GroupName: aws.String("admins")})
	if err != nil {
		t.Fatal(err)
	}
	if got := signUpAt(exports, "ann@example.com"); got != "unconfirmed" {
		t.Fatal(got)
	}
	return s
}

func (inspected) credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, nil
}

// signIn signs ann in.
func (s inspected) signIn(t *testing.T) (*types.AuthenticationResultType, error) {
	out, err := s.client.InitiateAuth(t.Context(), &cip.InitiateAuthInput{
		ClientId: &s.clientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth, AuthParameters: map[string]string{"USERNAME": "ann", "PASSWORD": "Correct-Horse-7"},
	})
	if err != nil {
		return nil, err
	}
	return out.AuthenticationResult, nil
}

// TestInspectorByKeyboard reaches and uses every page of the inspector by Tab and Enter, in a wide and in a narrow
// window.
func TestInspectorByKeyboard(t *testing.T) {
	chromium := browser(t)
	for name, width := range map[string]int64{"wide": 1280, "narrow": 360} {
		t.Run(name, func(t *testing.T) {
			s, b := inspect(t), newTab(t, chromium, width)
			b.open(s.home + "/_fakecognito/")
			b.want("Newest messages")
			usePools(b)
			useLists(b, s)
			useFaults(b, s)
			useToken(b, s)
			useClock(b)
			deleteUser(b)
			b.wantQuiet(s.home)
		})
	}
}

// usePools goes to the pool, its group and its user, and confirms the user.
func usePools(b *tab) {
	b.follow("Skip to the content")
	b.follow("demo")
	b.want("App clients")
	b.follow("admins")
	b.want("Nobody is in the group.")
	b.follow("demo")
	b.want("App clients")
	b.fill("Begins with", "nobody")
	b.press(kb.Enter)
	b.want("No user’s attribute begins so.")
	b.follow("All users")
	b.want("ann@example.com")
	b.follow("ann")
	b.want("UNCONFIRMED")
	b.follow("Confirm")
	b.want("The user is confirmed.")
	b.follow("Set a password")
	b.fill("New password", "short")
	b.press(kb.Enter)
	b.want("Password did not conform with password policy: Password not long enough")
}

// useLists reads the code of the message, and sees a call come in.
func useLists(b *tab, s inspected) {
	b.follow("Messages")
	b.want("1 in all")
	b.follow("Text: Your verification code")
	b.want("Your verification code is ")
	b.follow("Calls")
	b.want("SignUp ann OK")
	if _, err := s.signIn(b.T); err != nil {
		b.Fatal(err)
	}
	b.want("InitiateAuth ann OK") // without a reload
	b.follow("Pause")
	b.want("Paused")
}

func useFaults(b *tab, s inspected) {
	b.follow("Faults")
	b.want("No fault is injected")
	b.fill("Operations", "InitiateAuth")
	b.tabTo("Outcome")
	b.press("HTTP 503")
	b.follow("Inject")
	b.want("The fault is injected.")
	if _, err := s.signIn(b.T); err == nil {
		b.Error("a sign-in that should meet a fault succeeded")
	}
	b.follow("Remove HTTP 503, ServiceUnavailable")
	b.want("The fault is removed.")
	b.fill("Calls a second", "many")
	b.follow("Limit")
	b.want("Give a number of calls a second")
}

func useToken(b *tab, s inspected) {
	tokens, err := s.signIn(b.T)
	if err != nil {
		b.Fatal(err)
	}
	b.follow("Token")
	b.want("It is read here and kept nowhere.")
	b.fill("Access, ID or refresh token", *tokens.AccessToken)
	b.follow("Decode")
	b.want("GetUser takes it.")
}

func useClock(b *tab) {
	b.follow("Clock")
	b.want("The clock goes.")
	b.follow("Freeze")
	b.want("The clock stands still.")
	b.follow("30 days")
	b.want("It is 29 days 23 hours ahead of this machine.")
	b.follow("Go on")
	b.want("The clock goes. It is")
	b.fill("By", "1")
	b.follow("Advance")
	b.want("The clock is moved.")
}

func deleteUser(b *tab) {
	b.follow("Overview")
	b.want("Newest messages")
	b.follow("ann")
	b.want("CONFIRMED")
	b.follow("Delete the user")
	b.follow("Delete ann")
	b.want("The user is deleted.")
}

// TestInspectorWithoutScripts uses forms and lists where JavaScript is off.
func TestInspectorWithoutScripts(t *testing.T) {
	s, b := inspect(t), newTab(t, browser(t), 360)
	send(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.open(s.home + "/_fakecognito/calls")
	b.want("SignUp ann OK")
	b.follow("Clock")
	b.want("The clock goes.")
	b.follow("Freeze")
	b.want("The clock stands still.")
	b.wantQuiet(s.home)
}

func TestInspectorIsNotFramed(t *testing.T) {
	s, b := inspect(t), newTab(t, browser(t), 1280)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><title>Other</title><p>Another site</p><iframe src="%s/_fakecognito/"></iframe>`, s.home)
	}))
	t.Cleanup(other.Close)
	b.open(other.URL)
	b.want("Another site")
	tree := send(b, page.GetFrameTree, cdp.Empty{}).FrameTree
	if len(tree.ChildFrames) != 1 || tree.ChildFrames[0].Frame.UnreachableURL != s.home+"/_fakecognito/" {
		t.Errorf("the frame shows %+v; want it refused", tree.ChildFrames)
	}
}

// TestInspectorAsksOthersForTheToken comes by an address of this machine beyond loopback, over plain HTTP, where
// browsers say less of where a form comes from.
func TestInspectorAsksOthersForTheToken(t *testing.T) {
	address := beyondLoopback(t)
	s, b := inspect(t, "-addr", "0.0.0.0:0", "-inspector-token", "correct horse"), newTab(t, browser(t), 360)
	u, err := url.Parse(s.home)
	if err != nil {
		t.Fatal(err)
	}
	home := "http://" + net.JoinHostPort(address, u.Port())
	b.open(home + "/_fakecognito/clock")
	b.want("Who are you?")
	b.fill("Token", "wrong")
	b.press(kb.Enter)
	b.want("This is not the token")
	b.fill("Token", "correct horse")
	b.press(kb.Enter)
	b.want("The clock goes.")
	b.follow("Freeze")
	b.want("The clock stands still.")
	b.wantQuiet(home)
}

// beyondLoopback returns an address of this machine, or skips the test where it has none.
func beyondLoopback(t *testing.T) string {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		if ip, ok := a.(*net.IPNet); ok && !ip.IP.IsLoopback() && ip.IP.To4() != nil {
			return ip.IP.String()
		}
	}
	t.Skip("this machine has no address beyond loopback: connect it to a network")
	return ""
}
