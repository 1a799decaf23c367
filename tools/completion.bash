# Completion of coffer for bash; made by `coffer help --completion`.
_coffer()
{
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} commands reports options=
	commands='create generate import export get scan sql report put delete copy migrate compact prune schema info verify recover reconcile diff help'

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$current")
		return
	fi
	case $before in
	--schema | --diff | --output | -o)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	--rows | --seed | --era | --prompts | --table | --preset | --exclude-table | --since | --format | --window | --connections | --index | --key | --from | --to | --limit | -n | --columns | -c | --before | --at | --user | --team | --end-user | --organization | --model | --model-group | --model-id | --request | --session | --tag | --status | --code | --min-spend | --max-spend | --alias | --role | --email | --changed-by | --changed-by-key | --action | --object | --order | --offset | --mode | --header | --null | --width | --param | --attach | --increment | --batch | --findings)
		return
		;;
	esac
	case $command in
	create) options='--schema --force --json --quiet --help' ;;
	generate) options='--rows --seed --era --prompts --table --plain --force --json --quiet --help' ;;
	import) options='--schema --preset --table --exclude-table --since --update --window --connections --plain --force --json --quiet --help' ;;
	export) options='--create --append --upsert --replace --preset --table --exclude-table --since --format --unverified --force --json --quiet --help' ;;
	get) options='--index --related --reverse --limit --columns --unverified --output --force --json --quiet --help' ;;
	scan) options='--index --key --from --to --reverse --limit --columns --count --unverified --output --force --json --quiet --help' ;;
	sql) options='--mode --header --null --width --param --attach --unverified --output --force --json --quiet --help' ;;
	report) options='--count --from --to --before --at --key --user --team --end-user --organization --model --model-group --model-id --request --session --tag --status --code --min-spend --max-spend --alias --role --email --changed-by --changed-by-key --action --table --object --order --limit --offset --sql --mode --header --null --width --unverified --output --force --json --quiet --help' ;;
	put) options='--update --upsert --skip-existing --increment --batch --ack --keep-going --json --quiet --help' ;;
	delete) options='--index --json --quiet --help' ;;
	copy) options='--unverified --force --json --quiet --help' ;;
	migrate) options='--schema --plain --unverified --force --json --quiet --help' ;;
	compact) options='--plain --force --json --quiet --help' ;;
	prune) options='--plain --before --table --columns --dry-run --force --json --quiet --help' ;;
	schema) options='--prisma --sql --diff --unverified --output --force --json --quiet --help' ;;
	info) options='--digest --trees --unverified --output --force --json --quiet --help' ;;
	verify) options='--findings --output --force --json --quiet --help' ;;
	recover) options='--schema --force --json --quiet --help' ;;
	reconcile) options='--preset --table --exclude-table --since --subset --limit --ndjson --unverified --output --force --json --quiet --help' ;;
	diff) options='--preset --table --exclude-table --since --limit --ndjson --unverified --output --force --json --quiet --help' ;;
	help) options='--help' ;;
	esac
	reports='key logs log key-logs user-logs team-logs end-user-logs retention retention-logs daily daily-keys daily-users daily-model-groups daily-teams daily-team-models daily-tags tags top-keys top-models top-model-groups top-end-users key-model keys user-keys users teams team-members budgets-due audit errors rate-limits failures session sessions'
	case $command:$current in
	*:-*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current") ;;
	report:*) mapfile -t COMPREPLY < <(compgen -W "$reports" -- "$current"; compgen -f -- "$current") ;;
	help:*) mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current") ;;
	*) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
	esac
}
complete -o filenames -F _coffer coffer
