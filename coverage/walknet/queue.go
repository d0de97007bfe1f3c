package walknet

// queue is a bucket queue for a bounded search: entries with times in one stretch
// of 2^shift ms share a bucket and leave it in no order, so a search on it corrects
// labels inside a bucket. The final labels are those of any Dijkstra search.
type queue[T any] struct {
	head  []int32 // per bucket, 1 + index of its last entry; 0 is empty
	pool  []entry[T]
	shift uint
}

type entry[T any] struct {
	label T // first, where one without size takes no room
	node  int32
	next  int32
}

const (
	mostBuckets = 1 << 10
	leastShift  = 10
)

// reset empties the queue and makes room for times up to limit.
func (q *queue[T]) reset(limit Milliseconds) {
	q.shift = leastShift
	for int64(limit)>>q.shift >= mostBuckets {
		q.shift++
	}
	buckets := int(limit>>q.shift) + 1
	if cap(q.head) < buckets {
		q.head = make([]int32, mostBuckets)
	}
	q.head = q.head[:buckets]
	clear(q.head)
	q.pool = q.pool[:0]
}

func (q *queue[T]) push(node int32, time int64, label T) {
	b := time >> q.shift
	q.pool = append(q.pool, entry[T]{label, node, q.head[b]})
	q.head[b] = int32(len(q.pool))
}

// pop takes the latest entry of bucket b.
func (q *queue[T]) pop(b int) (entry[T], bool) {
	i := q.head[b]
	if i == 0 {
		return entry[T]{}, false
	}
	e := q.pool[i-1]
	q.head[b] = e.next
	return e, true
}
