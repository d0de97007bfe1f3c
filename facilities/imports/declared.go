package imports

import "yike/facilities"

// declared are the targets that a type's own fields are.
func declared(facilities.TypeInfo) []Target { return nil }

// settle gives after with what follows from its type.
func (g Ground) settle(_, after facilities.Facility) facilities.Facility { return after }

// missing says what a record lacks to be published; "" for nothing.
func missing(Ground, facilities.Facility) (zh, en string) { return "", "" }
