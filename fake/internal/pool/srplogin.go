package pool

import "math/big"

// SRPLogin is what the server's side of SRP knows of a user. The verifier is derived from it when a
// sign-in asks for one: a sign-in by password never pays for SRP.
type SRPLogin struct {
	UserID   string // USER_ID_FOR_SRP: the stored username
	Sub      string
	Password string
	Salt     *big.Int
}

// SRPLogin returns the SRP login of a user by name or alias. For a name that nobody has, and that of
// a user without a password, it makes one up, the same each time. It takes the pool's lock.
func (p *Pool) SRPLogin(name string) SRPLogin {
	p.Lock()
	defer p.Unlock()
	u, err := p.UserLocked(name)
	if err != nil {
		return p.pretendLogin(name)
	}
	login := SRPLogin{UserID: u.Username, Sub: u.Sub, Password: u.Password, Salt: p.SaltLocked(u)}
	if u.Password == "" {
		login.Password = p.unknownPassword(name)
	}
	return login
}

// pretendLogin makes up the login of a name that nobody has.
func (p *Pool) pretendLogin(name string) SRPLogin {
	return SRPLogin{UserID: p.PretendedID(name), Password: p.unknownPassword(name), Salt: p.salt(name, "")}
}

// PretendedID makes up an id for a name that nobody has: a UUID, whatever the name.
func (p *Pool) PretendedID(name string) string {
	var id [16]byte
	copy(id[:], p.disguise("srp user "+name))
	return uuid(id)
}

// unknownPassword stands for the password of who has none: nobody can type it.
func (p *Pool) unknownPassword(name string) string { return string(p.disguise("srp password " + name)) }

// SaltLocked returns the salt of a user's password; it changes with the password.
func (p *Pool) SaltLocked(u *User) *big.Int { return p.salt(u.Username, u.Password) }

// salt returns 16 bytes that depend on a user and the password. The first is from 10 to 7f, so that
// clients that hash the hexadecimal text and clients that hash the number agree.
func (p *Pool) salt(username, password string) *big.Int {
	b := p.disguise("srp salt " + username + "\x00" + password)[:16]
	b[0] = b[0]&0x7f | 0x10
	return new(big.Int).SetBytes(b)
}
