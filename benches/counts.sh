#!/usr/bin/env bash
# Counts the instructions of `jixiao check` on three sample workbooks, and on one that is no form, with valgrind, and tells what changed since benches/counts.txt:
#   benches/counts.sh [JIXIAO] [--record]
# Unlike seconds, counts hardly depend on the machine and its load; they do on the compiler and on what the processor can do, so
# compare like with like: the record says which rustc. Each is counted twice, and the spread is told.
set -euo pipefail
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd)
root=$here/..
record=$here/counts.txt
jixiao=$root/target/release/jixiao
write=
for word in "$@"; do
    if [[ $word == --record ]]; then write=yes; else jixiao=$(realpath "$word"); fi
done
[[ -x $jixiao ]] || (cd "$root" && cargo build --release --locked --quiet)
command -v valgrind >/dev/null || { echo "valgrind is not installed" >&2; exit 2; }

samples=(
    "219-区教育局/219001-澄岚区教育局2022年项目支出绩效自评表.xlsx"
    "226-区农业农村局/绩效自评/226004-水产站自评.xls"
    "248-区文化旅游局/248002-文化馆自评表（两个项目）.xlsx"
    "联络员通讯录.xlsx" # no form: mostly what starting costs
)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Instructions of one run. Exit code 1 of jixiao is a finding, not a failure.
count() {
    local code=0
    valgrind --tool=callgrind --callgrind-out-file="$scratch/out" --log-file="$scratch/log" \
        "$jixiao" check "$1" --no-config --threads 1 --format json >/dev/null 2>&1 || code=$?
    [[ $code -le 1 ]] || { cat "$scratch/log" >&2; echo "$1: ended with $code" >&2; exit 2; }
    awk '/^(summary|totals):/ { print $2; exit }' "$scratch/out"
}

rustc=$(rustc --version)
cd "$root/samples/round"
printf '%-60s %15s %15s %9s %9s\n' sample instructions recorded change spread
: > "$scratch/new"
echo "# $rustc; release profile" >> "$scratch/new"
for sample in "${samples[@]}"; do
    first=$(count "$sample")
    second=$(count "$sample")
    printf '%s\t%s\n' "$first" "$sample" >> "$scratch/new"
    was=$(awk -F'\t' -v sample="$sample" '$2 == sample { print $1 }' "$record" 2>/dev/null || true)
    awk -v sample="${sample##*/}" -v now="$first" -v again="$second" -v was="${was:-0}" 'BEGIN {
        change = was ? sprintf("%+.2f %%", (now - was) * 100 / was) : "new"
        apart = now > again ? now - again : again - now
        printf "%-60s %15d %15d %9s %8.3f%%\n", sample, now, was, change, apart * 100 / now
    }'
done
then_rustc=$(sed -n '1s/^# \([^;]*\);.*/\1/p' "$record" 2>/dev/null || true)
[[ -z $then_rustc || $then_rustc == "$rustc" ]] || echo "The record was made with $then_rustc, this with $rustc: a change may be the compiler's."
if [[ $write ]]; then
    cp "$scratch/new" "$record"
    echo "recorded in benches/counts.txt"
fi
