#!/bin/sh
# All mutants, in pieces: MUTANTS is the program, MUTANTS_FROM and MUTANTS_COUNT (0 and 50,000) the range, EACH_FROM (0) where to go
# on with the bytes of a small store. Where a campaign was stopped, the last "from" that was printed goes on with it.
set -u
from=${MUTANTS_FROM:-0}
end=$((from + ${MUTANTS_COUNT:-50000}))
piece=5000
status=0

while [ "$from" -lt "$end" ]; do
	count=$((end - from < piece ? end - from : piece))
	echo "from $from:"
	MUTANTS_FROM=$from MUTANTS_COUNT=$count "$MUTANTS" || status=1
	from=$((from + count))
done
echo "each, from ${EACH_FROM:-0}:"
MUTANTS_FROM=${EACH_FROM:-0} MUTANTS_STEP=${MUTANTS_STEP:-1} "$MUTANTS" each || status=1
exit $status
