#!/usr/bin/env bash
# Runs targets one after the other, each for so many seconds: fuzz/run.sh [SECONDS [TARGET…]]. A line for each is added to
# fuzz/artifacts/log.tsv: target, seconds, seconds of the processor, executions, how it ended. What breaks a law is kept in
# fuzz/artifacts/TARGET/. An input may take TIMEOUT seconds, 20 where nothing is said: allow more on a busy machine.
set -uo pipefail
cd "$(dirname "$0")"

seconds=${1:-1300}
shift || true
all=(workbook_parts marking forms reports cleaning results parts books workbook_bytes archives policies schemas)
[[ $# -gt 0 ]] || set -- "${all[@]}"

cargo +nightly fuzz build --sanitizer none --codegen-units 16 || exit 2
# The rest of the run uses what is built now, whatever is built meanwhile.
binaries=$(mktemp -d -p target)
trap 'rm -rf "$binaries"' EXIT
cp target/*/release/{workbook_parts,marking,forms,reports,cleaning,results,parts,books,workbook_bytes,archives,policies,schemas} "$binaries"

for target; do
    case $target in
        workbook_parts | marking | cleaning) words=ooxml ;;
        reports) words=forms ;;
        parts) words=results ;;
        *) words=$target ;;
    esac
    options=(-max_total_time="$seconds" -timeout="${TIMEOUT:-20}" -rss_limit_mb=2048 -max_len=131072 -report_slow_units=3)
    [[ -e dictionaries/$words.dict ]] && options+=(-dict="dictionaries/$words.dict")
    mkdir -p "corpus/$target" "artifacts/$target"
    log=artifacts/$target.log
    start=$(date +%s)
    TIMEFORMAT='%U %S'
    { time JIXIAO_FUZZ_TRACE=1 nice -n 19 "$binaries/$target" "${options[@]}" -print_final_stats=1 \
        -artifact_prefix="artifacts/$target/" "corpus/$target" >"$log" 2>&1; } 2>"$log.time"
    status=$?
    processor=$(awk 'END { printf "%.0f", $1 + $2 }' "$log.time")
    ran=$(($(date +%s) - start))
    executions=$(grep -a -o 'number_of_executed_units: *[0-9]*' "$log" | grep -o '[0-9]*$')
    executions=${executions:-$(grep -a -o '^#[0-9]*' "$log" | tail -1 | tr -d '#')}
    outcome=$([[ $status -eq 0 ]] && echo held || echo "broken ($status)")
    printf '%s\t%s\t%s\t%s\t%s\n' "$target" "$ran" "$processor" "$executions" "$outcome" | tee -a artifacts/log.tsv
done
