package fake

// FeedbackToken returns the FeedbackToken with which a user can judge an event of the user's history through
// UpdateAuthEventFeedback: what the service puts into the links of the notifications that it sends after
// risky sign-ins, and a [Server] sends to nobody. It fails where there is no such pool or user.
func (s *Server) FeedbackToken(poolID, username, eventID string) (string, error) {
	p, err := s.store.Pool(poolID, "")
	if err != nil {
		return "", err
	}
	p.Lock()
	defer p.Unlock()
	u, err := p.UserLocked(username)
	if err != nil {
		return "", err
	}
	return p.FeedbackToken(u, eventID), nil
}
