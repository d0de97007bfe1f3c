package postgres

import (
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Away reports whether err says that the database cannot be reached, is starting or
// stopping, or went away in the middle: what passes without anybody changing the
// request. Whether a commit that failed so took effect is unknown.
func Away(err error) bool {
	var connect *pgconn.ConnectError
	var op *net.OpError
	code := Code(err)
	switch {
	case code == "57P01", code == "57P02", code == "57P03", code == "57P05": // shutdown, crash of a neighbour, start, idle
		return true
	case strings.HasPrefix(code, "08"): // connection exception
		return true
	case code != "":
		return false // it answered, even if it refused to connect
	}
	return errors.As(err, &connect) || errors.As(err, &op) || errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, io.ErrUnexpectedEOF)
}

// Busy reports whether err says that the database is up and has too much to do, or
// that two writers met: what trying again later mends.
func Busy(err error) bool {
	switch Code(err) {
	case "53000", "53200", "53300": // too few resources, memory or connections
		return true
	case "55P03", "40001", "40P01": // a lock was not to be had, or two transactions met
		return true
	}
	return false
}

// Full reports whether err says that the database's disk is full.
func Full(err error) bool { return Code(err) == "53100" }

// TimedOut reports whether err says that the database ended a statement because it took
// too long, or because somebody cancelled it.
func TimedOut(err error) bool { return Code(err) == "57014" }
