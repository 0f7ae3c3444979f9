# Runs a broker that ends with the test process, however that ends.
#
# Usage: sh watch.sh DIRECTORY COMMAND...
# Standard input is the leash: when it is closed, the broker is killed (SIGKILL) and DIRECTORY removed; when a line
# comes, the broker is killed and DIRECTORY stays. Ends as the broker does.
directory=$1
shift
exec 3<&0 </dev/null
"$@" 3<&- &
broker=$!
(
    word=
    read -r word <&3
    kill -9 "$broker" 2>/dev/null
    # Nobody writes into the directory any more when the shell below has seen the end.
    while kill -0 "$broker" 2>/dev/null; do :; done
    [ "$word" = keep ] || rm -rf "$directory"
) &
leash=$!
exec 3<&-
wait "$broker"
status=$?
# An end of its own accord leaves the leash waiting; it ends with the test process.
[ "$status" = 137 ] && wait "$leash"
exit "$status"
