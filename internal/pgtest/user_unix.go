//go:build unix

package pgtest

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// serverUser gives the user a server runs as: PostgreSQL refuses root, so root starts it as another.
func serverUser() (uid, gid int, other bool) {
	if os.Geteuid() != 0 {
		return 0, 0, false
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.Atoi(u.Uid)
		gid, errGID := strconv.Atoi(u.Gid)
		if errUID == nil && errGID == nil {
			return uid, gid, true
		}
	}
	return 65534, 65534, true
}

// asServer makes a program run as the server's user.
func asServer() *syscall.SysProcAttr {
	uid, gid, other := serverUser()
	if !other {
		return nil
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}} //nolint:gosec // ids are small
}

// giveToServer makes a file the server user's own.
func giveToServer(path string) error {
	uid, gid, other := serverUser()
	if !other {
		return nil
	}
	if err := os.Chown(path, uid, gid); err != nil {
		return fmt.Errorf("give a file to the server's user: %w", err)
	}
	return nil
}
