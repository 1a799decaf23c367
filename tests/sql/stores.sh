# shellcheck shell=sh
# Stores with native twins for the tests of SQL, sourced by sh from the top of the tree behind tests/cli/tap.sh.
#
#	stores ROWS SEED	# gateway.coffer, nasty.coffer, and gateway.db, nasty.db
#	answers WORDS...	# print_answers WORDS over both, as "main" and "n"

PYTHON=/usr/bin/python3
BUILD=${BUILD:-$TOP/build}
case $BUILD in
/*) ;;
*) BUILD=$TOP/$BUILD ;;
esac

# native NAME: NAME.coffer by way of a folder.
native()
{
	coffer export -q --format csv "$1.coffer" "$1.folder" && $PYTHON "$TOP/tests/sql/native.py" "$1.folder" "$1.db" &&
		rm -r "$1.folder"
}

stores()
{
	$PYTHON "$TOP/tests/sql/nasty.py" >nasty.sql && coffer import -q nasty.sql nasty.coffer && native nasty &&
		coffer generate -q gateway.coffer --rows "$1" --seed "$2" && native gateway
}

answers()
{
	"$BUILD/tests/sql/print_answers" "$@" main=gateway.coffer=gateway.db n=nasty.coffer=nasty.db
}
