package constraint

// override changes the model to what the service was seen to do. Each line has
// its reason; what is inferred says so.
func override(model map[string]*modelShape) {
	// The value appears in answers, although newer models call it sensitive.
	model["ClientIdType"].sensitive = false
	model["SoftwareTokenMFAUserCodeType"].sensitive = false

	// The service names this pattern for every password; the model has only [\S]+.
	model["PasswordType"].pattern = `^[\S]+.*[\S]+$`

	// The newest model lets invitations do without the temporary password; the
	// service still refuses them, with the patterns of the verification messages.
	model["EmailInviteMessageType"].pattern = model["EmailVerificationMessageType"].pattern
	model["SmsInviteMessageType"].pattern = model["SmsVerificationMessageType"].pattern

	// The service has texts of its own for bad characters, and domains of an owner have dots.
	model["DomainType"].pattern = ""

	// Orders of enums in answers where they are not the model's.
	model["UserPoolMfaType"].enum = []string{"OPTIONAL", "OFF", "ON"}
	model["AccountTakeoverEventActionType"].enum = []string{"MFA_IF_CONFIGURED", "BLOCK", "NO_ACTION", "MFA_REQUIRED"}
	model["ExplicitAuthFlowsType"].enum = []string{
		"ALLOW_CUSTOM_AUTH", "ADMIN_NO_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH",
		"ALLOW_USER_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH",
		"ALLOW_USER_AUTH", // joined after the order was seen: its place is inferred
	}

	// The service has its own name for this member.
	model["AdminCreateUserConfigType"].member("InviteMessageTemplate").reported = "inviteMessage"

	// ListResourceServers without MaxResults was refused with 0 as the value,
	// although the model calls it optional. Inferred for its siblings with the same
	// lower bound, except for ListUserPoolClients: public scripts leave it out there
	// and get their answer.
	for _, input := range []string{
		"ListResourceServersRequest", "ListTermsRequest", "ListUserImportJobsRequest", "ListUserPoolsRequest",
	} {
		model[input].member("MaxResults").zeroWhenAbsent = true
	}
}

// member returns the member of a structure to change it.
func (s *modelShape) member(name string) *modelMember {
	for i := range s.members {
		if s.members[i].name == name {
			return &s.members[i]
		}
	}
	panic("cognitotest: internal error: the API model has no member " + name)
}
