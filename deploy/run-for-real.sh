#!/bin/bash
# Proves docker-compose.yml: brings the whole stack up with the invented press, reads the articles from outside its
# network, kills and restarts everything in the middle, and compares what came out with what the press promised.
set -euo pipefail

usage() {
    cat <<'EOF'
Usage: deploy/run-for-real.sh [OPTION…]

Runs deploy/docker-compose.yml with the demo on stand-in images, for machines that can pull none: Debian by debootstrap,
Apache Kafka from Maven Central, Prometheus from Debian. Needs root, and programs that are built:

  cargo build --release --locked -p copydesk -p newsroom

Options:
  --binaries DIR   where copydesk and newsroom are (default: target/release)
  --cache DIR      where images and tools are kept for the next run (default: target/deploy)
  --install        install missing Debian packages
  --keep           leave everything running at the end
  --down           end what an earlier --keep left running, and nothing else
EOF
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binaries=$here/../target/release
cache=$here/../target/deploy
install=false keep=false only_down=false

while (($#)); do
    case $1 in
        --binaries) binaries=${2:?--binaries needs a directory} && shift ;;
        --cache) cache=${2:?--cache needs a directory} && shift ;;
        --install) install=true ;;
        --keep) keep=true ;;
        --down) only_down=true ;;
        -h | --help) usage && exit ;;
        *) usage >&2 && exit 2 ;;
    esac
    shift
done

say() { printf '[%3d s] %s\n' "$SECONDS" "$*"; }
fail() {
    say "FAILED: $*" >&2
    exit 1
}
[[ $(id -u) == 0 ]] || fail "needs root, for dockerd and debootstrap"
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
read_dir=$cache/read
# shellcheck source=stand-ins/images.sh
source "$here/stand-ins/images.sh"

# The stack under a name and on ports of its own, so that it disturbs no other.
readonly project=copydesk-proof roles=(fetcher cleaner deduper classifier publisher)
export IMAGE=$stand_in/copydesk DEMO_IMAGE=$stand_in/copydesk-demo
export KAFKA_IMAGE=$stand_in/kafka:4.1.1 PROMETHEUS_IMAGE=$stand_in/prometheus
export KAFKA_PORT=29094 PROMETHEUS_PORT=29090 NEWSROOM_PORT=28101
# Slow enough that articles still come out after the last disturbance.
export DEMO_INITIAL=40 DEMO_PER_SECOND=1.5
compose() { docker compose -p "$project" -f "$here/docker-compose.yml" --env-file "$here/demo.env" --progress quiet "$@"; }
container() { echo "$project-$1-1"; }
of() { docker inspect -f "$2" "$(container "$1")"; }
health_of() { of "$1" '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}'; }

# `wait_for SECONDS WHAT COMMAND…` runs the command until it succeeds.
wait_for() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        ((SECONDS < deadline)) || fail "waited in vain for: $what"
        sleep 0.5
    done
}

is_healthy() { [[ $(health_of "$1") == healthy ]]; }
has_ended_well() { [[ $(of "$1" '{{.State.Status}} {{.State.ExitCode}}') == "exited 0" ]]; }

tear_down() {
    local status=$?
    trap - EXIT
    if ((status != 0)) && ! $only_down && docker info >/dev/null 2>&1; then
        compose ps -a || true
        compose logs --tail 15 >"$cache/stack.log" 2>&1 || true
        say "the last log lines of each service are in $cache/stack.log" >&2
    fi
    if $keep; then
        say "left running, Docker at ${DOCKER_HOST:-its default}; end it with $0 --down"
    else
        compose down --volumes --remove-orphans --timeout 10 >/dev/null 2>&1 || true
        stop_docker
    fi
    exit "$status"
}

# What a consumer outside of the stack reads from the public port, whole and committed.
consume() {
    kcat -C -q -e -o beginning -X isolation.level=read_committed -b "127.0.0.1:$KAFKA_PORT" -t "$1" -f "$2"
}

# Compares what is on the topics with what the press promises; the answer goes to check.json.
check() {
    local topic
    mkdir -p "$read_dir"
    # Fates first: whatever has one is on the other topics by then.
    consume news.fates.v1 '%s\n' >"$read_dir/fates"
    for topic in articles duplicates; do consume "news.$topic.v1" '%s\n' >"$read_dir/$topic"; done
    consume news.articles.fetched.v1 '"%k"\n' >"$read_dir/fetched"
    curl -sSf "http://127.0.0.1:$NEWSROOM_PORT/-/truth.json" >"$read_dir/truth"
    jq -n --slurpfile truth "$read_dir/truth" --slurpfile articles "$read_dir/articles" \
        --slurpfile duplicates "$read_dir/duplicates" --slurpfile fates "$read_dir/fates" \
        --slurpfile fetched "$read_dir/fetched" -f "$here/stand-ins/check.jq" >"$read_dir/check.json"
}
answer() { jq -r "$1" "$read_dir/check.json"; }
has_published() { check && (($(answer .counts.published) >= $1)); }
has_settled() { check && [[ $(answer '[.waiting, .in_flight] == [[], 0]') == true ]]; }

# A crash, as the kernel or a bug would cause it: Docker's own kill counts as a wish of the operator, and the restart
# policy would not apply.
crash() {
    local service=$1 before started=$SECONDS
    before=$(of "$service" '{{.RestartCount}}')
    kill -9 "$(of "$service" '{{.State.Pid}}')"
    has_restarted() { (($(of "$service" '{{.RestartCount}}') > before)); }
    wait_for 60 "Docker to start $service again" has_restarted
    wait_for 120 "$service to be healthy after a crash" is_healthy "$service"
    say "  killed $service: healthy again after $((SECONDS - started)) s"
}

# A stop and a start by the operator.
restart() {
    local service=$1 started=$SECONDS stopped
    compose stop "$service"
    stopped=$((SECONDS - started))
    has_ended_well "$service" || fail "$service did not drain: $(of "$service" 'exit code {{.State.ExitCode}}')"
    compose start "$service"
    wait_for 120 "$service to be healthy after a restart" is_healthy "$service"
    say "  restarted $service: drained in $stopped s with exit code 0, healthy after $((SECONDS - started)) s"
}

query() { curl -sSf -G "http://127.0.0.1:$PROMETHEUS_PORT/api/v1/$1" "${@:2}"; }
all_targets_up() { query targets | jq -e '[.data.activeTargets[] | .health] | length == 6 and all(. == "up")' >/dev/null; }
all_rules_fine() { query rules | jq -e '[.data.groups[].rules[] | .health] | length > 0 and all(. == "ok")' >/dev/null; }

check_prometheus() {
    (cd "$here/prometheus" && promtool check config prometheus.yml && promtool test rules rules_test.yml) \
        >"$cache/promtool.log" 2>&1 || fail "promtool refuses deploy/prometheus, see $cache/promtool.log"
    wait_for 60 "Prometheus to have all six targets up" all_targets_up
    wait_for 60 "Prometheus to have evaluated every rule" all_rules_fine
    say "Prometheus: all 6 targets up, all rules evaluated; promtool: configuration and rule tests pass"
}

measure() {
    local service process
    say "memory, MiB (resident, peak):"
    for service in kafka "${roles[@]}" newsroom prometheus; do
        process=$(of "$service" '{{.State.Pid}}')
        awk -v service="$service" '/^VmRSS|^VmHWM/ { size[$1] = $2 / 1024 }
            END { printf "        %-12s %5.0f %5.0f\n", service, size["VmRSS:"], size["VmHWM:"] }' "/proc/$process/status"
    done
    say "images: $(docker images --format '{{.Repository}} {{.Size}}' | grep "^$stand_in/copydesk" | sort | tr '\n' ' ')"
}

bring_up() {
    local service started=$SECONDS
    compose up -d
    for service in kafka "${roles[@]}" newsroom prometheus; do
        wait_for 180 "$service to be healthy" is_healthy "$service"
    done
    for service in topics demo-sources; do wait_for 60 "$service to end well" has_ended_well "$service"; done
    say "all healthy $((SECONDS - started)) s after compose up"
}

disturb() {
    wait_for 120 "30 articles" has_published 30
    say "articles flow: $(answer .counts.published) published. Disturbing everything while they do:"
    crash publisher
    restart deduper
    crash fetcher
    restart classifier
    crash kafka
    crash deduper
    restart fetcher
    crash cleaner
    restart publisher
    check
    say "  $(answer .counts.published) published, $(answer '.waiting | length') articles still to come"
}

trap tear_down EXIT
need_tools
start_docker
get_compose
compose down --volumes --remove-orphans --timeout 10 >/dev/null 2>&1 || true
if $only_down; then
    say "ended"
    exit
fi
make_base
make_kafka
make_prometheus
make_ours
say "images are there; bringing the stack up"
bring_up
disturb
wait_for 240 "a fate for every article of the press (see $read_dir/check.json)" has_settled
check_prometheus
measure
say "read from outside the stack: $(answer '.counts | to_entries | map("\(.key) \(.value)") | join(", ")')"
for service in "${roles[@]}"; do restart "$service"; done
# Once more after the last restarts: nothing may have come twice.
sleep 5
check
if [[ $(answer '.wrong == []') != true ]]; then
    answer '.wrong[]' >&2
    fail "$(answer '.wrong | length') promises broken, see $read_dir"
fi
say "nothing lost, nothing twice: $(answer .counts.published) articles ($(answer .counts.repointed) of them re-pointed since) and $(answer .counts.duplicates) copies as promised, every fetch has one fate"
say "PASSED"
