package authhttp

import (
	"context"
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"yike/internal/auth"
	"yike/internal/httpapi"
)

// Access says who may use one route: everybody (Public), everybody who has signed in
// (AnyAccount), or whoever may do an action in some division; in which, the store asks.
type Access struct {
	Method     string // GET stands for HEAD too; "*" is every method
	Pattern    string // as the router has it: /api/v1/accounts/{id}
	Action     auth.Action
	Public     bool
	AnyAccount bool
	DuringDuty bool // also for those who must first change their password or set up a second factor
}

// Refusal is a request that a person was refused.
type Refusal struct {
	Action  auth.Action
	Method  string
	Pattern string
}

// Gate is what Guard needs.
type Gate struct {
	Routes  chi.Routes // the router that Guard is put onto
	Access  []Access
	Refused func(ctx context.Context, i auth.Identity, r Refusal) // is told of each refusal, for the audit log; nil for nobody
	Missing func(ctx context.Context, method, pattern string)     // is told of a route that has no row; nil for nobody
}

// Guard refuses what a row does not allow: with 403 no_such_right a route that has no
// row, whoever asks; with 401 those who must sign in; with 403 forbidden those who lack
// the right, and with 403 duty those who have something else to do first. It goes onto
// the router after Authenticate. Addresses that nobody serves pass, to get their 404.
func Guard(g Gate) (func(http.Handler) http.Handler, error) {
	rows := make(map[string]Access, len(g.Access))
	for _, a := range g.Access {
		key := a.Method + " " + a.Pattern
		if _, twice := rows[key]; twice {
			return nil, fmt.Errorf("access of %s is said twice", key)
		}
		ways := 0
		for _, way := range []bool{a.Public, a.AnyAccount, a.Action != ""} {
			if way {
				ways++
			}
		}
		if ways != 1 {
			return nil, fmt.Errorf("access of %s must be by one of Public, AnyAccount and Action", key)
		}
		rows[key] = a
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			method, pattern := g.route(r)
			if pattern == "" {
				next.ServeHTTP(w, r)
				return
			}
			row, ok := rows[method+" "+pattern]
			if !ok {
				row, ok = rows["* "+pattern]
			}
			if !ok {
				row = Access{Method: method, Pattern: pattern}
			}
			if !g.pass(w, r, row, ok) {
				if at := chi.RouteContext(r.Context()); at != nil {
					at.RoutePatterns = append(at.RoutePatterns, pattern) // the log and the figures count refusals by route too
				}
				return
			}
			seen, told := middleware.NewWrapResponseWriter(w, r.ProtoMajor), false
			next.ServeHTTP(seen, r.WithContext(context.WithValue(r.Context(), toldKey{}, &told)))
			if seen.Status() == http.StatusForbidden && !told {
				g.tellRefusal(r, row)
			}
		})
	}, nil
}

// pass answers requests that may not go on; registered says whether the row is of the
// table.
func (g Gate) pass(w http.ResponseWriter, r *http.Request, row Access, registered bool) bool {
	if !registered {
		if g.Missing != nil {
			g.Missing(r.Context(), row.Method, row.Pattern)
		}
		httpapi.WriteProblem(w, r, httpapi.NewProblem(http.StatusForbidden, "no_such_right",
			"这个地址没有登记访问权限，因此不开放", "No right is registered for this address, so it is closed"))
		return false
	}
	return row.Public || g.passAccount(w, r, row)
}

// passAccount is pass for what is not public.
func (g Gate) passAccount(w http.ResponseWriter, r *http.Request, row Access) bool {
	if err := visitOf(r.Context()).err; err != nil {
		httpapi.WriteError(w, r, err)
		return false
	}
	i, ok := auth.From(r.Context())
	if !ok {
		w.Header().Set("WWW-Authenticate", challenge)
		httpapi.WriteProblem(w, r, signInRequired())
		return false
	}
	if i.Must != "" {
		if !row.DuringDuty {
			httpapi.WriteProblem(w, r, duty(i.Must))
		}
		return row.DuringDuty
	}
	if row.AnyAccount || i.May(row.Action, "") {
		return true
	}
	if g.Refused != nil {
		g.Refused(r.Context(), i, Refusal{Action: row.Action, Method: r.Method, Pattern: row.Pattern})
	}
	zh, en := row.Action.Words()
	httpapi.WriteProblem(w, r, httpapi.NewProblem(http.StatusForbidden, "forbidden",
		"您的账号无权"+zh+"（"+string(row.Action)+"）", "Your account may not "+en+" ("+string(row.Action)+")"))
	return false
}

type toldKey struct{}

// Told says that a refusal in a request was told of already, with more than the gate knows.
// It is called by the goroutine that serves the request.
func Told(ctx context.Context) {
	if told, ok := ctx.Value(toldKey{}).(*bool); ok {
		*told = true
	}
}

// tellRefusal tells of what a store refused, which only it can know: a division, or a rule
// such as that nobody gives roles to themselves.
func (g Gate) tellRefusal(r *http.Request, row Access) {
	if i, ok := auth.From(r.Context()); ok && g.Refused != nil {
		g.Refused(r.Context(), i, Refusal{Action: row.Action, Method: r.Method, Pattern: row.Pattern})
	}
}

// route finds the row's method and the pattern of a request as the router will, before it
// does; "" for what nobody serves.
func (g Gate) route(r *http.Request) (method, pattern string) {
	path := r.URL.RawPath
	if path == "" {
		path = r.URL.Path
	}
	if path == "" {
		path = "/"
	}
	if r.Method == http.MethodHead {
		if pattern = g.Routes.Find(chi.NewRouteContext(), http.MethodGet, path); pattern != "" {
			return http.MethodGet, pattern
		}
	}
	return r.Method, g.Routes.Find(chi.NewRouteContext(), r.Method, path)
}

func duty(d auth.Duty) *httpapi.Problem {
	if d == auth.MustSetUpTOTP {
		return httpapi.NewProblem(http.StatusForbidden, "duty",
			"请先设置动态验证码，安全策略对您的角色有此要求", "Set up a second factor first: the security policy requires it for your role")
	}
	return httpapi.NewProblem(http.StatusForbidden, "duty",
		"请先修改密码，密码是初始的或已到期", "Change your password first: it is a one-time password, or has expired")
}
