package postgres

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Refusal says why a database will not have us until a person changes something: in
// Chinese and in English. ok is false for errors that may pass by themselves, such as a
// server that is starting, and for nil.
func Refusal(err error) (zh, en string, ok bool) {
	var fault *pgconn.PgError
	if !errors.As(err, &fault) {
		return "", "", false
	}
	switch code := fault.Code; {
	case strings.HasPrefix(code, "28"): // invalid authorization
		return "数据库不接受该用户名或密码", "the database does not accept this user or password", true
	case code == "3D000": // invalid catalogue name
		return "该数据库不存在，请先建立（createdb）", "there is no such database; make it first (createdb)", true
	case code == "42501": // insufficient privilege
		return "该用户权限不足；也许需要管理员先执行 CREATE EXTENSION postgis; CREATE ROLE yike_app NOLOGIN; GRANT yike_app TO 该用户",
			"this user lacks a right; perhaps an administrator must first run CREATE EXTENSION postgis; CREATE ROLE yike_app NOLOGIN; GRANT yike_app TO this user", true
	case code == "58P01", code == "0A000": // undefined file, feature not supported: CREATE EXTENSION where none is installed
		return "该数据库服务器没有安装 PostGIS", "the database server has no PostGIS installed", true
	}
	return "", "", false
}
