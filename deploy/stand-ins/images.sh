# The tools and images that run-for-real.sh needs on a machine where no image can be pulled. Sourced by it: `cache`,
# `here`, `say`, `fail` and `elapsed` are its own.
# shellcheck shell=bash

readonly stand_in=copydesk-stand-in
readonly base_image=$stand_in/debian:bookworm-slim

# The Debian packages that are missing, installed or named.
need_tools() {
    local packages=() pair
    for pair in dockerd:docker.io docker:docker.io iptables:iptables debootstrap:debootstrap kcat:kcat \
        promtool:prometheus jq:jq curl:curl go:golang mvn:maven; do
        command -v "${pair%%:*}" >/dev/null || packages+=("${pair##*:}")
    done
    ((${#packages[@]} == 0)) && return
    if ! $install; then
        fail "missing packages: ${packages[*]}; install them, or run again with --install"
    fi
    say "installing ${packages[*]}"
    # Debian starts a service with some of them where a service manager runs; we need the programs only.
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >"$cache/apt.log" 2>&1 ||
        fail "apt-get install failed, see $cache/apt.log"
}

# Uses the Docker that runs, else one of our own, whose data in the cache keeps the images for the next run.
start_docker() {
    local socket=$cache/docker.sock waited=0
    if docker info >/dev/null 2>&1; then
        say "using the Docker that runs already"
        return
    fi
    ((${#socket} < 100)) || fail "the path of $cache is too long for a socket; give a shorter one with --cache"
    export DOCKER_HOST=unix://$socket
    if ! docker info >/dev/null 2>&1; then
        # Left behind by one that was killed.
        rm -f "$cache/docker.pid"
        setsid dockerd --data-root "$cache/docker" --exec-root "$cache/docker-exec" --pidfile "$cache/docker.pid" \
            -H "$DOCKER_HOST" >"$cache/dockerd.log" 2>&1 &
        until docker info >/dev/null 2>&1; do
            ((waited++ < 60)) || fail "dockerd does not start, see $cache/dockerd.log"
            sleep 0.5
        done
    fi
    say "Docker $(docker version --format '{{.Server.Version}}') runs from $cache"
}

# Ends the Docker that is our own; one of the machine's stays.
stop_docker() {
    [[ -s $cache/docker.pid ]] || return 0
    local process waited=0
    process=$(cat "$cache/docker.pid")
    [[ $(cat "/proc/$process/comm" 2>/dev/null) == dockerd ]] || return 0
    kill "$process"
    while [[ -d /proc/$process ]] && ((waited++ < 60)); do sleep 0.5; done
}

# Compose 2 is a Go program that no Debian package holds; it is built once.
get_compose() {
    local version=v2.40.3 plugin=$cache/compose/cli-plugins/docker-compose
    if docker compose version >/dev/null 2>&1; then return; fi
    # A directory of our own, so that nobody's Docker configuration changes.
    export DOCKER_CONFIG=$cache/compose
    if [[ ! -x $plugin ]]; then
        say "building compose $version, once"
        mkdir -p "$cache/compose/source" "$cache/compose/cli-plugins"
        (
            cd "$cache/compose/source"
            [[ -f go.mod ]] || go mod init composer
            go get "github.com/docker/compose/v2/cmd@$version"
            go build -trimpath -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=$version" \
                -o "$plugin" github.com/docker/compose/v2/cmd
        ) >"$cache/compose.log" 2>&1 || fail "compose does not build, see $cache/compose.log"
    fi
}

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

# `build TAG TARGET FILE CONTEXT`, with Docker's old builder: the new one is a plugin that Debian does not have.
build() {
    local target=()
    [[ -z $2 ]] || target=(--target "$2")
    DOCKER_BUILDKIT=0 docker build --build-arg "BASE=$base_image" --build-arg "RUNTIME_IMAGE=$base_image" \
        "${target[@]}" -t "$1" -f "$3" "$4" >"$cache/build.log" 2>&1 || fail "$1 does not build, see $cache/build.log"
}

make_base() {
    has_image "$base_image" && return
    say "making $base_image by debootstrap, once"
    rm -rf "$cache/rootfs"
    debootstrap --variant=minbase bookworm "$cache/rootfs" >"$cache/debootstrap.log" 2>&1 ||
        fail "debootstrap failed, see $cache/debootstrap.log"
    rm -rf "$cache"/rootfs/var/cache/apt/archives/*.deb "$cache"/rootfs/var/lib/apt/lists/* \
        "$cache"/rootfs/usr/share/{doc,man,locale,info}/* "$cache"/rootfs/var/cache/apt/*.bin
    # As in the official image: a layer that installs something keeps no package caches.
    echo 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";' >"$cache/rootfs/etc/apt/apt.conf.d/docker-clean"
    tar -C "$cache/rootfs" -c . | docker import - "$base_image" >/dev/null
    rm -rf "$cache/rootfs"
}

make_kafka() {
    has_image "$stand_in/kafka:4.1.1" && return
    say "making $stand_in/kafka:4.1.1 from Maven Central, once"
    local context=$cache/kafka tests=$here/../tests/e2e/kafka
    rm -rf "$context" && mkdir -p "$context"
    mvn -q -B dependency:copy-dependencies -DincludeScope=runtime -f "$tests/pom.xml" \
        "-DoutputDirectory=$context/jars" >"$cache/maven.log" 2>&1 || fail "Maven failed, see $cache/maven.log"
    cp "$here/stand-ins/kafka.sh" "$here/stand-ins/log4j2.yaml" "$tests/log4j2.properties" "$context/"
    build "$stand_in/kafka:4.1.1" "" "$here/stand-ins/kafka.Dockerfile" "$context"
}

make_prometheus() {
    has_image "$stand_in/prometheus" && return
    say "making $stand_in/prometheus from Debian's package, once"
    mkdir -p "$cache/empty"
    build "$stand_in/prometheus" "" "$here/stand-ins/prometheus.Dockerfile" "$cache/empty"
}

# Our own images, from programs that are built already.
make_ours() {
    local program context=$cache/programs
    rm -rf "$context" && mkdir -p "$context"
    for program in copydesk newsroom; do
        [[ -x $binaries/$program ]] ||
            fail "$binaries/$program is missing; cargo build --release --locked -p copydesk -p newsroom"
        cp "$binaries/$program" "$context/"
    done
    # Kept under a name, so that removing the former images does not take their common beginning with them.
    build "$stand_in/runtime" base "$here/Dockerfile" "$context"
    docker rmi "$stand_in/copydesk-demo" "$stand_in/copydesk" >/dev/null 2>&1 || true
    build "$stand_in/copydesk" copydesk-prebuilt "$here/Dockerfile" "$context"
    build "$stand_in/copydesk-demo" demo-prebuilt "$here/Dockerfile" "$context"
    rm -rf "$context"
}
