//go:build !unix

package pgtest

import "syscall"

func asServer() *syscall.SysProcAttr { return nil }

func giveToServer(string) error { return nil }
