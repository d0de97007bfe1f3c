package postgres

import "github.com/jackc/pgx/v5"

// PlannedAnew as the argument before a statement's named ones, has the statement planned
// each time it is run, by its arguments and the tables as they are then. It is for what is
// asked again and again while a table grows: the plan that a connection keeps would be the
// one that suited an empty table, which looks at every row. What the statement's triggers
// ask of themselves keeps its plans, which a setting of the transaction would not let it:
// planning what a trigger asks of each row costs more than all else there is to a row.
const PlannedAnew = pgx.QueryExecModeCacheDescribe
