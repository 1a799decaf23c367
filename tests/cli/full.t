#!/bin/sh
# A full disk, and a file that may not grow: exit 1, said in words, the old store or none.
COFFER=${COFFER:-build/coffer}
case $COFFER in /*) ;; *) COFFER=$PWD/$COFFER ;; esac
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
count=0
ok()
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; sed 's/^/# /' errors; fi
}

(ulimit -f 2000 && exec "$COFFER" generate new.coffer --rows 20000 --quiet) 2>errors
[ $? -eq 1 ] && grep -q '^coffer: new.coffer: cannot write: File too large$' errors
ok $? 'a file that may not grow is exit 1 and told'
[ "$(ls -A)" = errors ]
ok $? 'and nothing is left'

"$COFFER" generate old.coffer --rows 10 --quiet
cksum <old.coffer >before
(ulimit -f 2000 && exec "$COFFER" generate old.coffer --force --rows 20000 --quiet) 2>errors
[ $? -eq 1 ] && cksum <old.coffer | cmp -s - before
ok $? 'the old store is as it was'

# A file system of four megabytes, where this user may make one for itself.
if unshare -rm sh -c 'mount -t tmpfs -o size=4m none /mnt' 2>/dev/null; then
	unshare -rm sh -c 'mount -t tmpfs -o size=4m none /mnt &&
		"$1" generate /mnt/new.coffer --rows 20000 --quiet; echo $? >exit; ls -A /mnt >left' sh "$COFFER" 2>errors
	[ "$(cat exit)" = 1 ] && grep -q 'No space left on device' errors && [ ! -s left ]
	ok $? 'a full disk is exit 1 and told, and nothing is left'
	unshare -rm sh -c 'mount -t tmpfs -o size=4m none /mnt &&
		"$1" generate /mnt/s.coffer --rows 100 --quiet
		dd if=/dev/zero of=/mnt/fill bs=4k 2>/dev/null
		"$1" verify /mnt/s.coffer --quiet; echo $? >exit
		"$1" put /mnt/s.coffer spendlogs --quiet </dev/null; echo $? >>exit
		ls -A /mnt >left' sh "$COFFER" >whole 2>errors
	[ "$(cat exit)" = "$(printf '0\n1')" ] && grep -q ': whole: ' whole && grep -q 'no room for the lock file' errors
	ok $? 'a store on a full disk is read, and not written'
	[ "$(cat left)" = "$(printf 'fill\ns.coffer')" ]
	ok $? 'and nothing is left beside it'
else
	count=$((count + 1))
	echo "ok $count - a full disk # SKIP this user may not mount a file system"
fi
echo "1..$count"
