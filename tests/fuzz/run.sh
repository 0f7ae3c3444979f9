#!/usr/bin/env bash
# Fuzzes: run.sh SECONDS [TARGET…], each target for so long, all of them when none is named. Ends with an error when one
# crashed; its input is then under artifacts/TARGET. Needs a nightly compiler and `cargo install cargo-fuzz`.
# SANITIZER=none is quicker; the readers are safe Rust, so the address sanitizer looks at the C libraries they call.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:?how many seconds each}
shift
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || mapfile -t targets < <(ls corpus)

for target in "${targets[@]}"; do
    case $target in
        feed | sitemap | discovery | page) dictionary=markup ;;
        *) dictionary=text ;;
    esac
    # What is found goes to the first folder, which git ignores; the seeds stay as they are.
    found=target/found/$target
    mkdir -p "$found" "artifacts/$target"
    echo "== $target, $seconds s"
    cargo +nightly fuzz run --fuzz-dir libfuzzer --target-dir target --sanitizer "${SANITIZER:-address}" "$target" \
        "$found" "corpus/$target" -- -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=2048 \
        -dict="dictionaries/$dictionary.dict" -artifact_prefix="artifacts/$target/" -print_final_stats=1
done
