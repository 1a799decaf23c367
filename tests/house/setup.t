#!/bin/sh
# tools/setup asks for what is missing and nothing else, through sudo when it is not root, leaves no rule
# behind, and refuses what it does not know. dpkg-query, apt-get and the rest are stand-ins that write
# down how they were called.
set -u
cd "$(dirname "$0")/../.." || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
echo 1..9

stand_in()
{
	printf '#!/bin/sh\n%s\n' "$2" >"$scratch/bin/$1"
	chmod +x "$scratch/bin/$1"
}

stand_in id 'echo 1000'
stand_in sudo 'echo "sudo $*" >>"$CALLS"; [ "$1" != tee ] || cat >/dev/null'
stand_in make 'echo "make $*" >>"$CALLS"'
stand_in apt-get 'exit 1'
stand_in dpkg-query 'for last; do :; done
	case " $MISSING " in *" $last "*) exit 1 ;; esac
	echo installed'

# setup MISSING COMMAND: run it where these packages are missing.
setup()
{
	: >"$scratch/calls"
	MISSING=$1 CALLS=$scratch/calls PATH=$scratch/bin:$PATH sh tools/setup "$2" \
		>"$scratch/output" 2>&1
}

check()
{
	name=$1
	shift
	if "$@"; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		sed 's/^/# /' "$scratch/output" "$scratch/calls"
	fi
}

called()
{
	grep -q -x -e "$1" "$scratch/calls"
}

says()
{
	grep -q -F -e "$1" "$scratch/output"
}

setup "" deps
check "nothing missing: nothing is run" test ! -s "$scratch/calls"
check "and it says so" says "nothing to install"
setup "scdoc liblmdb-dev postgresql" demo
check "demo installs what the build lacks" called "sudo env .* install liblmdb-dev scdoc"
check "and says what" says "installing liblmdb-dev scdoc"
check "and runs make demo" called "make .*demo"
setup "postgresql" check
check "check installs the server" called "sudo env .* install postgresql"
check "with a rule against a cluster, taken away at the end" called "sudo rm -f /etc/postgresql-common/.*"
stand_in sudo 'exit 1'
setup "scdoc" check
check "a failed installation ends it" test ! -s "$scratch/calls"
setup "" nonsense
check "an unknown word is refused with the usage" says "sh tools/setup demo"
